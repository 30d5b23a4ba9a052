package dev.circuitscope.core.text;

import java.util.SplittableRandom;

/** Random probability vectors. */
final class Dirichlet {

  private Dirichlet() {}

  /** One draw of the symmetric Dirichlet distribution: gamma variates over their sum. */
  static double[] draw(int size, double concentration, SplittableRandom random) {
    double[] logs = new double[size];
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      logs[i] = logGamma(concentration, random);
      largest = Math.max(largest, logs[i]);
    }
    double[] p = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      p[i] = Math.exp(logs[i] - largest);
      sum += p[i];
    }
    for (int i = 0; i < size; i++) {
      p[i] /= sum;
    }
    return p;
  }

  /**
   * The logarithm of a gamma variate (Marsaglia and Tsang, A Simple Method for Generating Gamma
   * Variables, 2000): the variate itself underflows at small shapes.
   */
  private static double logGamma(double shape, SplittableRandom random) {
    if (shape < 1) {
      // gamma(a) = gamma(a + 1) u^(1/a)
      return logGamma(shape + 1, random) + Math.log(1 - random.nextDouble()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      double u = 1 - random.nextDouble();
      if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return Math.log(d * v);
      }
    }
  }
}
