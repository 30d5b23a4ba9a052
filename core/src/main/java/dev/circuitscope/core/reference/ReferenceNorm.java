package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * LayerNorm (Ba, Kiros and Hinton 2016, section 3) or RMSNorm (Zhang and Sennrich 2019, section 3)
 * over vectors of one length, or nothing.
 */
final class ReferenceNorm {

  private final Normalization kind;
  private final double eps;
  private final int width;
  private final double[] w;
  private final double[] b;

  private ReferenceNorm(
      Normalization kind, double eps, int width, ReferenceWeights weights, String name) {
    boolean offset = kind == Normalization.LN;
    this.kind = kind;
    this.eps = eps;
    this.width = width;
    this.w = offset || kind == Normalization.RMS ? weights.get(name + ".w") : null;
    this.b = offset ? weights.get(name + ".b") : null;
  }

  /** Of the residual stream. */
  static ReferenceNorm of(TransformerConfig c, ReferenceWeights weights, String name) {
    return new ReferenceNorm(c.normalization(), c.eps(), c.dModel(), weights, name);
  }

  /** Of the neurons, after SoLU: LayerNorm, whose weights only models with LN have. */
  static ReferenceNorm ofNeurons(
      TransformerConfig c, int dMlp, ReferenceWeights weights, String name) {
    boolean trained = c.normalization() == Normalization.LN;
    Normalization kind = trained ? Normalization.LN : Normalization.LN_PRE;
    return new ReferenceNorm(kind, c.eps(), dMlp, weights, name);
  }

  /**
   * Normalises, and shows scale and outcome at their hook points. As in TransformerLens the outcome
   * is that after LayerNorm's weights, but that before RMSNorm's.
   */
  double[] apply(double[] x, Trace trace, HookPoint scalePoint, HookPoint normalizedPoint) {
    if (kind == Normalization.NONE) {
      return x;
    }
    double[] scaled = divided(x, trace.reach(scalePoint, scale(x)));
    if (kind == Normalization.RMS) {
      return weighted(trace.reach(normalizedPoint, scaled));
    }
    return trace.reach(normalizedPoint, weighted(scaled));
  }

  /** Normalises without hook points. */
  double[] apply(double[] x) {
    return kind == Normalization.NONE ? x : weighted(divided(x, scale(x)));
  }

  private double[] scale(double[] x) {
    double[] scale = new double[x.length / width];
    for (int row = 0; row < scale.length; row++) {
      double mu = centre(x, row);
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += Math.pow(x[row * width + i] - mu, 2);
      }
      // sigma = sqrt(1/D sum_i (x_i - mu)^2 + eps)
      scale[row] = Math.sqrt(squares / width + eps);
    }
    return scale;
  }

  private double[] divided(double[] x, double[] scale) {
    double[] y = new double[x.length];
    for (int row = 0; row < scale.length; row++) {
      double mu = centre(x, row);
      for (int i = 0; i < width; i++) {
        // (x - mu) / sigma
        y[row * width + i] = (x[row * width + i] - mu) / scale[row];
      }
    }
    return y;
  }

  private double[] weighted(double[] x) {
    if (w == null) {
      return x;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      // y = (x - mu) / sigma * w + b
      y[i] = x[i] * w[i % width] + (b == null ? 0 : b[i % width]);
    }
    return y;
  }

  /** LayerNorm's mu; RMSNorm takes none off. */
  private double centre(double[] x, int row) {
    if (kind == Normalization.RMS || kind == Normalization.RMS_PRE) {
      return 0;
    }
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += x[row * width + i];
    }
    return sum / width;
  }
}
