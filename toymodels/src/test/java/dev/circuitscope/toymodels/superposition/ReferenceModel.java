package dev.circuitscope.toymodels.superposition;

/**
 * The toy models' losses in float64, written as the paper writes them, one sample after the other,
 * and gradients by central differences.
 *
 * @param w1 W or W1 [hidden][features]
 * @param w2 W^T or W2 [features][hidden]
 */
record ReferenceModel(ToyArchitecture architecture, double[][] w1, double[][] w2, double[] b) {

  /** From flat parameters in the order of {@link Weights}. */
  static ReferenceModel of(ToyConfig config, double[] theta) {
    int n = config.features();
    int m = config.hidden();
    boolean tied = config.architecture().isTied();
    double[][] w1 = new double[m][n];
    double[][] w2 = new double[n][m];
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      b[i] = theta[(tied ? 1 : 2) * n * m + i];
      for (int k = 0; k < m; k++) {
        w1[k][i] = theta[k * n + i];
        w2[i][k] = tied ? w1[k][i] : theta[n * m + i * m + k];
      }
    }
    return new ReferenceModel(config.architecture(), w1, w2, b);
  }

  /** Sample s of a stream, independent features: the scalar definition. */
  static double[] sample(long stream, int s, int features, double p) {
    return sample(IndependentFeatures.EQUAL, stream, s, features, p);
  }

  static double[] sample(
      FeatureDistribution distribution, long stream, int s, int features, double p) {
    float[] drawn = new float[features];
    distribution.sample(p, new SampleRandom(stream, s), drawn);
    double[] x = new double[features];
    for (int i = 0; i < features; i++) {
      x[i] = drawn[i];
    }
    return x;
  }

  double[] output(double[] x) {
    double[] y = b.clone();
    for (int k = 0; k < w1.length; k++) {
      double h = 0;
      for (int i = 0; i < x.length; i++) {
        h += w1[k][i] * x[i];
      }
      if (architecture.hasHiddenRelu()) {
        h = Math.max(0, h);
      }
      for (int i = 0; i < x.length; i++) {
        y[i] += w2[i][k] * h;
      }
    }
    if (architecture != ToyArchitecture.LINEAR) {
      for (int i = 0; i < y.length; i++) {
        y[i] = Math.max(0, y[i]);
      }
    }
    return y;
  }

  /** The mean over samples and features of I_i (t_i - y_i)^2, for the batch of one stream. */
  double loss(ToyConfig config, int instance, long stream) {
    double sum = 0;
    double p = config.featureProbability(instance);
    for (int s = 0; s < config.batch(); s++) {
      double[] x = sample(config.distribution(), stream, s, config.features(), p);
      double[] y = output(x);
      for (int i = 0; i < x.length; i++) {
        double t = architecture == ToyArchitecture.ABSOLUTE_VALUE ? Math.abs(x[i]) : x[i];
        sum += config.importance().get(i) * (t - y[i]) * (t - y[i]);
      }
    }
    return sum / config.batch() / config.features();
  }

  static double loss(ToyConfig config, double[] theta, long stream) {
    return of(config, theta).loss(config, 0, stream);
  }

  static double[] gradient(ToyConfig config, double[] theta, long stream) {
    double h = 1e-6;
    double[] gradient = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      double[] moved = theta.clone();
      moved[i] = theta[i] + h;
      double above = loss(config, moved, stream);
      moved[i] = theta[i] - h;
      gradient[i] = (above - loss(config, moved, stream)) / (2 * h);
    }
    return gradient;
  }

  static double[] flat(Weights w) {
    double[] theta = new double[w.size()];
    for (int i = 0; i < theta.length; i++) {
      int j = i - w.encoder().length;
      theta[i] =
          j < 0
              ? w.encoder()[i]
              : j < w.decoder().length ? w.decoder()[j] : w.bias()[j - w.decoder().length];
    }
    return theta;
  }
}
