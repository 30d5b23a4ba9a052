package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.SplittableRandom;

/** Losses sampled in float64, written as the paper writes them: a second implementation. */
final class MonteCarlo {

  private MonteCarlo() {}

  /** A mean over samples and its standard error. */
  record Sampled(double mean, double error) {}

  /** The paper's loss with features that are active with probability p, a sum over features. */
  static double total(AnalyticModel model, double p, int samples, long seed) {
    return sampled(model, p, samples, seed).mean();
  }

  static Sampled sampled(AnalyticModel model, double p, int samples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double sum = 0;
    double squares = 0;
    for (int s = 0; s < samples; s++) {
      double[] x = new double[model.features()];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextDouble() < p ? random.nextDouble() : 0;
      }
      double loss = loss(model, x);
      sum += loss;
      squares += loss * loss;
    }
    double mean = sum / samples;
    return new Sampled(mean, Math.sqrt((squares / samples - mean * mean) / samples));
  }

  /** The same with exactly one active feature, summed over which one it is: L_1. */
  static double oneActive(AnalyticModel model, int samples, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      double[] x = new double[model.features()];
      x[random.nextInt(x.length)] = random.nextDouble();
      sum += loss(model, x);
    }
    return model.features() * sum / samples;
  }

  static double loss(AnalyticModel model, double[] x) {
    double[] y = model.bias();
    double[] importance = model.importance();
    double sum = 0;
    for (double[] row : model.weights()) {
      double h = 0;
      for (int i = 0; i < x.length; i++) {
        h += row[i] * x[i];
      }
      for (int i = 0; i < x.length; i++) {
        y[i] += row[i] * h;
      }
    }
    for (int i = 0; i < x.length; i++) {
      double out = model.activation() == ToyActivation.LINEAR ? y[i] : Math.max(0, y[i]);
      sum += importance[i] * (x[i] - out) * (x[i] - out);
    }
    return sum;
  }

  /** A model whose numbers are uniform on [-1, 1]. */
  static AnalyticModel random(int features, int hidden, ToyActivation activation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] w = new double[hidden][features];
    double[] b = new double[features];
    double[] importance = new double[features];
    for (int i = 0; i < features; i++) {
      for (double[] row : w) {
        row[i] = random.nextDouble(-1, 1);
      }
      b[i] = random.nextDouble(-0.5, 0.5);
      importance[i] = random.nextDouble(0.2, 2);
    }
    return new AnalyticModel(w, b, importance, activation);
  }
}
