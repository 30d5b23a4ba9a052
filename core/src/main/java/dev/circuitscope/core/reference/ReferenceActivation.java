package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.Activation;
import org.apache.commons.math3.special.Erf;

/** What an MLP does to its neurons, vector by vector. */
final class ReferenceActivation {

  private ReferenceActivation() {}

  /** Of vectors of {@code width} neurons, one after the other; without solu_ln's LayerNorm. */
  static double[] apply(Activation kind, double[] x, int width) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int row = i - i % width;
      y[i] =
          switch (kind) {
            case RELU -> Math.max(0, x[i]);
            // x Phi(x) = x / 2 (1 + erf(x / sqrt 2))
            case GELU -> x[i] / 2 * (1 + Erf.erf(x[i] / Math.sqrt(2)));
            case GELU_NEW -> x[i] / 2 * (1 + Math.tanh(cubic(x[i])));
            case SILU -> x[i] / (1 + Math.exp(-x[i]));
            case SOLU, SOLU_LN -> x[i] * softmax(x, row, width, i);
          };
    }
    return y;
  }

  /** sqrt(2 / pi) (x + 0.044715 x^3). */
  private static double cubic(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  private static double softmax(double[] x, int from, int width, int of) {
    double sum = 0;
    for (int i = from; i < from + width; i++) {
      // 1 / softmax_i = sum_j exp(x_j - x_i)
      sum += Math.exp(x[i] - x[of]);
    }
    return 1 / sum;
  }
}
