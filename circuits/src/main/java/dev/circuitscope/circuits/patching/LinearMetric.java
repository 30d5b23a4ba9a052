package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** sum over b, t, v of weights[b, t, v] logits[b, t, v]. */
final class LinearMetric implements DifferentiableMetric {

  private final INDArray weights;
  private final float[] flat;

  LinearMetric(INDArray weights) {
    if (weights.rank() != 3) {
      throw new IllegalArgumentException(
          "a linear metric takes weights [batch, pos, d_vocab_out], was "
              + Arrays.toString(weights.shape()));
    }
    this.flat = FlatFloats.copy(weights);
    this.weights = weights.dup('c');
  }

  @Override
  public double of(INDArray logits) {
    check(logits);
    return FlatFloats.read(
        logits,
        values -> {
          double sum = 0;
          for (int i = 0; i < flat.length; i++) {
            sum += (double) flat[i] * values.get(i);
          }
          return sum;
        });
  }

  @Override
  public INDArray gradient(INDArray logits) {
    check(logits);
    return weights;
  }

  @Override
  public String label() {
    return "linear function of the logits";
  }

  private void check(INDArray logits) {
    if (!Arrays.equals(logits.shape(), weights.shape())) {
      throw new IllegalArgumentException(
          "linear metric: has weights %s for logits %s"
              .formatted(Arrays.toString(weights.shape()), Arrays.toString(logits.shape())));
    }
  }
}
