package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.CounterRandom;

/** The toy model's loss in float64, written as the paper writes it, one sample after the other. */
final class ReferenceModel {

  private ReferenceModel() {}

  /** Sample s of a stream: the scalar definition of what the kernels fill blocks with. */
  static double[] sample(long stream, int s, int features, double p) {
    double[] x = new double[features];
    for (int i = 0; i < features; i++) {
      double u = CounterRandom.uniform(CounterRandom.key(stream, i), s);
      x[i] = Math.max(0, 1 - u / p);
    }
    return x;
  }

  /** x' = f(W^T W x + b), for W [hidden][features]. */
  static double[] reconstruct(double[][] w, double[] b, ToyActivation activation, double[] x) {
    double[] y = b.clone();
    for (double[] row : w) {
      double h = 0;
      for (int i = 0; i < x.length; i++) {
        h += row[i] * x[i];
      }
      for (int i = 0; i < x.length; i++) {
        y[i] += row[i] * h;
      }
    }
    if (activation == ToyActivation.RELU_OUTPUT) {
      for (int i = 0; i < y.length; i++) {
        y[i] = Math.max(0, y[i]);
      }
    }
    return y;
  }

  /** The mean over samples and features of I_i (x_i - x'_i)^2, for the batch of one stream. */
  static double loss(ToyConfig config, int instance, double[][] w, double[] b, long stream) {
    double sum = 0;
    for (int s = 0; s < config.batch(); s++) {
      double[] x = sample(stream, s, config.features(), config.featureProbability(instance));
      double[] y = reconstruct(w, b, config.activation(), x);
      for (int i = 0; i < x.length; i++) {
        sum += config.importance().get(i) * (x[i] - y[i]) * (x[i] - y[i]);
      }
    }
    return sum / config.batch() / config.features();
  }
}
