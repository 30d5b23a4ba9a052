package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rows of a run's activations: one for each position of each example. */
final class RunRows {

  private RunRows() {}

  /** All of a run; checks that the model could have made it. */
  static Extent whole(Transformer model, Run run) {
    INDArray logits = run.logits();
    if (logits.rank() != 3 || logits.size(2) != model.config().dVocabOut()) {
      throw new IllegalArgumentException(
          "the run has logits of shape %s and is not of this model, which predicts %d tokens"
              .formatted(Arrays.toString(logits.shape()), model.config().dVocabOut()));
    }
    return new Extent(0, (int) logits.size(0), 0, (int) logits.size(1));
  }

  /** The rows of an activation [batch, pos, ...] in an extent, one after the other. */
  static FloatBlock read(INDArray activation, Extent extent) {
    FloatBlock all = FloatBlock.copyOf(activation);
    int positions = (int) activation.size(1);
    Extent whole = new Extent(0, (int) activation.size(0), 0, positions);
    if (whole.equals(extent)) {
      return all;
    }
    if (!whole.contains(extent)) {
      throw new IllegalArgumentException(extent + " are not in a run of " + whole);
    }
    return select(all, whole, extent);
  }

  /** The rows of {@code extent} among those of {@code whole}. */
  static FloatBlock select(FloatBlock all, Extent whole, Extent extent) {
    int width = all.length() / whole.rows();
    int n = extent.positions() * width;
    FloatBlock selected = FloatBlock.allocate((long) extent.examples() * n);
    for (int e = 0; e < extent.examples(); e++) {
      int from = whole.row(extent.firstExample() + e, extent.firstPosition()) * width;
      selected.copy(e * n, all, from, n);
    }
    return selected;
  }
}
