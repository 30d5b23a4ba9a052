package dev.circuitscope.core.io.llama2c;

import dev.circuitscope.core.io.NamedTensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A small Llama with grouped keys and random bits for weights. */
public final class SampleLlama {
  private SampleLlama() {}

  public static Llama2cModel model(boolean shared, long seed) {
    Llama2cHeader h = new Llama2cHeader(8, 12, 2, 4, 2, 10, 5, shared);
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, INDArray> weights = new LinkedHashMap<>();
    weights.put("tok_embeddings.weight", weight(random, 10, 8));
    for (int layer = 0; layer < 2; layer++) {
      String prefix = "layers." + layer + ".";
      weights.put(prefix + "attention_norm.weight", weight(random, 8));
      weights.put(prefix + "attention.wq.weight", weight(random, 8, 8));
      weights.put(prefix + "attention.wk.weight", weight(random, 4, 8));
      weights.put(prefix + "attention.wv.weight", weight(random, 4, 8));
      weights.put(prefix + "attention.wo.weight", weight(random, 8, 8));
      weights.put(prefix + "ffn_norm.weight", weight(random, 8));
      weights.put(prefix + "feed_forward.w1.weight", weight(random, 12, 8));
      weights.put(prefix + "feed_forward.w2.weight", weight(random, 8, 12));
      weights.put(prefix + "feed_forward.w3.weight", weight(random, 12, 8));
    }
    weights.put("norm.weight", weight(random, 8));
    weights.put(
        "output.weight", shared ? weights.get("tok_embeddings.weight") : weight(random, 10, 8));
    return new Llama2cModel(h, NamedTensors.of(weights));
  }

  private static INDArray weight(SplittableRandom random, long... shape) {
    long length = 1;
    for (long size : shape) {
      length *= size;
    }
    float[] values = new float[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt() & 0xbfffffff);
    }
    return Nd4j.createFromArray(values).reshape(shape);
  }
}
