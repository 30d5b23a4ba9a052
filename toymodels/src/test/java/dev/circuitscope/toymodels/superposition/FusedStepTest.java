package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FusedStepTest {

  @ParameterizedTest(name = "n = {0}, m = {1}, batch {2}, p = {3}, {4}")
  @CsvSource({
    "5, 2, 256, 0.3, RELU_OUTPUT",
    "20, 5, 200, 0.1, RELU_OUTPUT",
    "7, 3, 129, 1.0, LINEAR",
    "9, 8, 64, 0.5, RELU_OUTPUT",
    "1, 1, 1, 1.0, RELU_OUTPUT",
    "3, 4, 17, 0.7, LINEAR",
    "10, 5, 130, 0.4, RELU_HIDDEN",
    "3, 6, 64, 1.0, RELU_HIDDEN",
    "1, 1, 1, 1.0, RELU_HIDDEN",
    "3, 6, 200, 0.3, ABSOLUTE_VALUE",
    "9, 5, 129, 1.0, ABSOLUTE_VALUE",
    "1, 1, 2, 1.0, ABSOLUTE_VALUE"
  })
  void lossAndGradientAreThoseOfTheFloat64Reference(
      int n, int m, int batch, double p, ToyArchitecture architecture) {
    ToyConfig config =
        ToyConfig.builder(n, m)
            .geometricImportance(0.8)
            .featureProbability(p)
            .batch(batch)
            .architecture(architecture)
            .seed(11)
            .build();
    Instance instance = new Instance(config, 0, false);
    moveOffTheKink(instance);
    double[] theta = ReferenceModel.flat(instance.weights());
    long stream = Instance.batchKey(config, 0, 0);

    double loss = instance.computeGradient();

    assertThat(loss).isCloseTo(ReferenceModel.loss(config, theta, stream), within(1e-5 * loss));
    double[] expected = ReferenceModel.gradient(config, theta, stream);
    double[] actual = ReferenceModel.flat(instance.gradient());
    double largest = 0;
    for (double g : expected) {
      largest = Math.max(largest, Math.abs(g));
    }
    for (int i = 0; i < theta.length; i++) {
      double scale = Math.max(Math.abs(expected[i]), 0.01 * largest);
      assertThat(actual[i])
          .as("gradient of parameter %d", i)
          .isCloseTo(expected[i], within(1e-4 * scale));
    }
  }

  /** Where nothing is active, z = b; a central difference at 0 would see half of ReLU's slope. */
  private static void moveOffTheKink(Instance instance) {
    float[] bias = instance.weights().bias();
    for (int i = 0; i < bias.length; i++) {
      bias[i] = 0.1f * (i % 3) - 0.13f;
    }
  }

  @ParameterizedTest
  @EnumSource(ToyArchitecture.class)
  void trainingTakesTheSameStepsAsPlainAdamWOnTheReferencesGradient(ToyArchitecture architecture) {
    ToyConfig config =
        ToyConfig.builder(6, 4)
            .geometricImportance(0.9)
            .featureProbability(0.6)
            .distribution(new CorrelatedSets(2).signed())
            .architecture(architecture)
            .schedule(ToySchedule.LINEAR)
            .learningRate(0.01)
            .batch(150)
            .steps(8)
            .seed(5)
            .build();
    Instance instance = new Instance(config, 0, true);
    moveOffTheKink(instance);
    double[] theta = ReferenceModel.flat(instance.weights());
    double[] mean = new double[theta.length];
    double[] square = new double[theta.length];
    for (int t = 1; t <= config.steps(); t++) {
      double[] g = ReferenceModel.gradient(config, theta, Instance.batchKey(config, 0, t - 1));
      double rate = 0.01 * (1 - (t - 1) / 8.0);
      for (int i = 0; i < theta.length; i++) {
        mean[i] = 0.9 * mean[i] + 0.1 * g[i];
        square[i] = 0.999 * square[i] + 0.001 * g[i] * g[i];
        double corrected = Math.sqrt(square[i] / (1 - Math.pow(0.999, t))) + 1e-8;
        double step = mean[i] / (1 - Math.pow(0.9, t)) / corrected;
        theta[i] = theta[i] * (1 - rate * 0.01) - rate * step;
      }

      instance.step();

      double[] actual = ReferenceModel.flat(instance.weights());
      for (int i = 0; i < theta.length; i++) {
        assertThat(actual[i])
            .as("parameter %d after step %d", i, t)
            .isCloseTo(theta[i], within(2e-5));
      }
    }
  }
}
