package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.TransformerConfig;

/** LayerNorm over vectors of d_model (Ba, Kiros and Hinton 2016, section 3), or nothing. */
final class ReferenceNorm {

  private final Normalization kind;
  private final double eps;
  private final int d;
  private final double[] w;
  private final double[] b;

  ReferenceNorm(TransformerConfig c, ReferenceWeights weights, String name) {
    this.kind = c.normalization();
    this.eps = c.eps();
    this.d = c.dModel();
    this.w = kind == Normalization.LN ? weights.get(name + ".w") : null;
    this.b = kind == Normalization.LN ? weights.get(name + ".b") : null;
  }

  /** Normalises, and shows scale and outcome at their hook points. */
  double[] apply(double[] x, Trace trace, HookPoint scalePoint, HookPoint normalizedPoint) {
    if (kind == Normalization.NONE) {
      return x;
    }
    double[] scale = trace.reach(scalePoint, scale(x));
    return trace.reach(normalizedPoint, normalized(x, scale));
  }

  /** Normalises without hook points. */
  double[] apply(double[] x) {
    return kind == Normalization.NONE ? x : normalized(x, scale(x));
  }

  private double[] scale(double[] x) {
    double[] scale = new double[x.length / d];
    for (int row = 0; row < scale.length; row++) {
      double mean = mean(x, row);
      double squares = 0;
      for (int i = 0; i < d; i++) {
        squares += Math.pow(x[row * d + i] - mean, 2);
      }
      // sigma = sqrt(1/D sum_i (x_i - mu)^2 + eps)
      scale[row] = Math.sqrt(squares / d + eps);
    }
    return scale;
  }

  private double[] normalized(double[] x, double[] scale) {
    double[] y = new double[x.length];
    for (int row = 0; row < scale.length; row++) {
      double mean = mean(x, row);
      for (int i = 0; i < d; i++) {
        // y = (x - mu) / sigma * w + b
        double centred = (x[row * d + i] - mean) / scale[row];
        y[row * d + i] = kind == Normalization.LN ? centred * w[i] + b[i] : centred;
      }
    }
    return y;
  }

  private double mean(double[] x, int row) {
    double sum = 0;
    for (int i = 0; i < d; i++) {
      sum += x[row * d + i];
    }
    return sum / d;
  }
}
