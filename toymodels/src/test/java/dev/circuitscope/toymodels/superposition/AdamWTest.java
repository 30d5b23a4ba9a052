package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdamWTest {

  @Test
  void followsTheAlgorithmOfThePaperOverManySteps() {
    SplittableRandom random = new SplittableRandom(4);
    int n = 37;
    float[] theta = new float[n];
    double[] expected = new double[n];
    for (int i = 0; i < n; i++) {
      theta[i] = (float) random.nextDouble(-1, 1);
      expected[i] = theta[i];
    }
    double[] m = new double[n];
    double[] v = new double[n];
    AdamW adam = new AdamW(n, 0.01);
    float[] gradient = new float[n];

    for (int t = 1; t <= 300; t++) {
      double rate = 1e-2 / t + 1e-3;
      for (int i = 0; i < n; i++) {
        gradient[i] = (float) (random.nextDouble(-1, 1) * Math.pow(10, -i % 7) + 0.1);
        double g = gradient[i];
        expected[i] *= 1 - rate * 0.01;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.999, t));
        expected[i] -= rate * mHat / (Math.sqrt(vHat) + 1e-8);
      }
      adam.update(theta, gradient, rate);
    }

    for (int i = 0; i < n; i++) {
      assertThat((double) theta[i]).as("parameter %d", i).isCloseTo(expected[i], within(1e-5));
    }
  }

  @Test
  void aZeroGradientLeavesOnlyTheDecay() {
    AdamW adam = new AdamW(1, 0.5);
    float[] theta = {2f};
    adam.update(theta, new float[1], 0.1);
    assertThat(theta[0]).isCloseTo(2f * 0.95f, within(1e-6f));
  }
}
