package dev.circuitscope.core.generate;

import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.KeyValueCache;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The logits [batch, d_vocab_out] after the last token of growing sequences. */
interface NextLogits {

  float[][] after(List<Sequence> batch);

  /** Runs the model on what it has not read yet. */
  static NextLogits cached(Transformer model, int batch, int room, Hooks hooks) {
    KeyValueCache past = KeyValueCache.create(model.config(), batch, room);
    return sequences -> {
      int read = past.length();
      int[][] unread = sequences.stream().map(s -> s.from(read)).toArray(int[][]::new);
      return model.after(past).next(unread, hooks);
    };
  }

  /** Runs the model on everything, every time. */
  static NextLogits whole(Transformer model, Hooks hooks) {
    return sequences -> {
      int[][] tokens = sequences.stream().map(s -> s.from(0)).toArray(int[][]::new);
      INDArray logits = model.run(tokens, hooks);
      float[][] next = new float[tokens.length][];
      for (int b = 0; b < next.length; b++) {
        next[b] =
            logits
                .get(
                    NDArrayIndex.point(b),
                    NDArrayIndex.point(tokens[b].length - 1),
                    NDArrayIndex.all())
                .toFloatVector();
      }
      return next;
    };
  }
}
