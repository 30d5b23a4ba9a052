package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import dev.circuitscope.toymodels.kernels.CounterRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndependentFeaturesTest {

  private static final int FEATURES = 10;
  private static final int BLOCKS = 2000;

  @ParameterizedTest(name = "p = {0}")
  @ValueSource(doubles = {1, 0.5, 0.1, 0.01})
  void areZeroWithProbabilityOneMinusPAndElseUniform(double p) {
    Block block = Block.of(FEATURES);
    int[] deciles = new int[10];
    long active = 0;
    double squares = 0;
    for (int b = 0; b < BLOCKS; b++) {
      long stream = CounterRandom.key(3, b);
      IndependentFeatures.EQUAL.fill(p, SampleBlock.of(BlockKernels.best(), block, stream, 0));
      for (float x : block.values()) {
        assertThat(x).isBetween(0f, 1f);
        if (x > 0) {
          active++;
          deciles[Math.min(9, (int) (10 * x))]++;
          squares += x * x;
        }
      }
    }
    double total = (double) BLOCKS * FEATURES * Block.WIDTH;
    double deviation = Math.sqrt(total * p * (1 - p));
    assertThat((double) active).isCloseTo(total * p, within(5 * deviation + 5));
    for (int count : deciles) {
      assertThat(count)
          .isCloseTo((int) (active / 10), within((int) (5 * Math.sqrt(active / 10.0))));
    }
    assertThat(squares / active).isCloseTo(1 / 3.0, within(5 * 0.3 / Math.sqrt(active)));
  }

  @Test
  void differentFeaturesSamplesAndStepsAreUncorrelated() {
    int n = 1 << 16;
    double[][] streams = new double[4][n];
    for (int s = 0; s < n; s++) {
      streams[0][s] = CounterRandom.uniform(CounterRandom.key(CounterRandom.key(1, 0), 0), s);
      streams[1][s] = CounterRandom.uniform(CounterRandom.key(CounterRandom.key(1, 0), 1), s);
      streams[2][s] = CounterRandom.uniform(CounterRandom.key(CounterRandom.key(1, 1), 0), s);
      streams[3][s] = CounterRandom.uniform(CounterRandom.key(CounterRandom.key(1, 0), 0), s + 1);
    }
    for (int a = 0; a < 4; a++) {
      for (int b = 0; b < a; b++) {
        double covariance = 0;
        for (int s = 0; s < n; s++) {
          covariance += (streams[a][s] - 0.5) * (streams[b][s] - 0.5);
        }
        assertThat(12 * covariance / n).as("%d, %d", a, b).isCloseTo(0, within(5 / Math.sqrt(n)));
      }
    }
  }

  @Test
  void initialWeightsAreStandardNormal() {
    int n = 1 << 16;
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    for (int i = 0; i < n; i++) {
      double g = CounterRandom.gaussian(CounterRandom.key(5, 0), i);
      sum += g;
      squares += g * g;
      fourths += g * g * g * g;
    }
    assertThat(sum / n).isCloseTo(0, within(5 / Math.sqrt(n)));
    assertThat(squares / n).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
    assertThat(fourths / n).isCloseTo(3, within(5 * Math.sqrt(96.0 / n)));
  }
}
