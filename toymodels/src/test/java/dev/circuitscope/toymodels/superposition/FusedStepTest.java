package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FusedStepTest {

  @ParameterizedTest(name = "n = {0}, m = {1}, batch {2}, p = {3}, {4}")
  @CsvSource({
    "5, 2, 256, 0.3, RELU_OUTPUT",
    "20, 5, 200, 0.1, RELU_OUTPUT",
    "7, 3, 129, 1.0, LINEAR",
    "9, 8, 64, 0.5, RELU_OUTPUT",
    "1, 1, 1, 1.0, RELU_OUTPUT",
    "3, 4, 17, 0.7, LINEAR"
  })
  void lossAndGradientAreThoseOfTheFloat64Reference(
      int n, int m, int batch, double p, ToyActivation activation) {
    ToyConfig config =
        ToyConfig.builder(n, m)
            .geometricImportance(0.8)
            .featureProbability(p)
            .batch(batch)
            .activation(activation)
            .seed(11)
            .build();
    Instance instance = new Instance(config, 0, false);
    for (int i = 0; i < n; i++) {
      instance.bias()[i] = 0.1f * (i % 3 - 1);
    }
    double[] theta = new double[n * m + n];
    for (int i = 0; i < theta.length; i++) {
      theta[i] = i < n * m ? instance.weights()[i] : instance.bias()[i - n * m];
    }

    double loss = instance.computeGradient();

    assertThat(loss).isCloseTo(loss(config, theta), within(1e-5 * loss));
    double[] expected = new double[theta.length];
    double largest = 0;
    for (int i = 0; i < theta.length; i++) {
      expected[i] = centralDifference(config, theta, i);
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    for (int i = 0; i < theta.length; i++) {
      double scale = Math.max(Math.abs(expected[i]), 0.01 * largest);
      assertThat((double) instance.gradient()[i])
          .as("gradient of parameter %d", i)
          .isCloseTo(expected[i], within(1e-4 * scale));
    }
  }

  private static double centralDifference(ToyConfig config, double[] theta, int i) {
    double h = 1e-6;
    double[] moved = theta.clone();
    moved[i] = theta[i] + h;
    double above = loss(config, moved);
    moved[i] = theta[i] - h;
    return (above - loss(config, moved)) / (2 * h);
  }

  private static double loss(ToyConfig config, double[] theta) {
    int n = config.features();
    double[][] w = new double[config.hidden()][n];
    double[] b = new double[n];
    for (int i = 0; i < theta.length; i++) {
      if (i < n * config.hidden()) {
        w[i / n][i % n] = theta[i];
      } else {
        b[i - n * config.hidden()] = theta[i];
      }
    }
    return ReferenceModel.loss(config, 0, w, b, Instance.batchKey(config, 0, 0));
  }
}
