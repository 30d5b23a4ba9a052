package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The logarithm of a sum of exponentials")
class LogSumExpTest {

  @Test
  @DisplayName("is that of the definition, in float64 and in float32")
  void definition() {
    SplittableRandom random = new SplittableRandom(1L);
    for (int n : new int[] {1, 2, 15, 16, 17, 1000}) {
      double[] x = new double[n + 3];
      float[] y = new float[n + 3];
      for (int i = 0; i < x.length; i++) {
        y[i] = (float) random.nextDouble(-8, 8);
        x[i] = y[i];
      }
      double sum = 0;
      for (int i = 2; i < 2 + n; i++) {
        sum += Math.exp(x[i]);
      }
      assertThat(LogSumExp.of(x, 2, n)).isCloseTo(Math.log(sum), within(1e-12));
      assertThat(LogSumExp.of(y, 2, n)).isCloseTo(Math.log(sum), within(1e-6));
    }
  }

  @Test
  @DisplayName("does not overflow, and leaves its elements alone")
  void extremes() {
    float[] large = {1000, 1000, -1000};
    assertThat(LogSumExp.of(large, 0, 3)).isCloseTo(1000 + Math.log(2), within(1e-4));
    assertThat(large).containsExactly(1000, 1000, -1000);
    double[] small = {-1e300, -5, Double.NEGATIVE_INFINITY};
    assertThat(LogSumExp.of(small, 0, 3)).isEqualTo(-5);
  }

  @Test
  @DisplayName("is NaN if an element is, wherever it stands")
  void notANumber() {
    for (int at : new int[] {0, 5, 31, 32}) {
      float[] x = new float[33];
      x[at] = Float.NaN;
      assertThat(LogSumExp.of(x, 0, 33)).isNaN();
      double[] y = new double[33];
      y[at] = Double.NaN;
      assertThat(LogSumExp.of(y, 0, 33)).isNaN();
    }
  }

  @Test
  @DisplayName("of nothing is negative infinity")
  void nothing() {
    assertThat(LogSumExp.of(new double[2], 1, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(LogSumExp.of(new float[2], 1, 0)).isEqualTo(Double.NEGATIVE_INFINITY);
  }
}
