package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Erf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kernels of activations against float64, and the two implementations against each other. */
class ActivationKernelsTest {

  /** From -15 to 15, closely, and what lies far outside. */
  private static final float[] POINTS = points();

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.plain(), Kernels.best());
  }

  @Test
  void erfIsThatOfCommonsMathToAMillionth() {
    for (float x : POINTS) {
      assertThat((double) NormalDistribution.erf(x))
          .as("erf(%s)", x)
          .isCloseTo(Erf.erf(x), within(5e-7));
    }
  }

  @Test
  void theLowerTailOfTheNormalDistributionKeepsItsRelativePrecision() {
    for (float x : POINTS) {
      if (x < 0 && x > -12) {
        double exact = Erf.erfc(-x / Math.sqrt(2)) / 2;
        assertThat((double) NormalDistribution.cumulative(x))
            .as("Phi(%s)", x)
            .isCloseTo(exact, within(6e-6 * exact));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void geluIsXTimesTheNormalDistribution(Kernels kernels) {
    float[] y = POINTS.clone();
    kernels.gelu(y, 0, y.length);
    for (int i = 0; i < y.length; i++) {
      double x = POINTS[i];
      assertThat((double) y[i])
          .as("gelu(%s)", x)
          .isCloseTo(x * phi(x), within(1e-6 * Math.max(1, Math.abs(x))));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void geluGradientIsItsSlope(Kernels kernels) {
    float[] dy = new float[POINTS.length];
    Arrays.fill(dy, 2);
    float[] x = POINTS.clone();
    kernels.geluGradient(x, dy, 0, dy.length);
    for (int i = 0; i < dy.length; i++) {
      double at = POINTS[i];
      double slope = phi(at) + at * Math.exp(-at * at / 2) / Math.sqrt(2 * Math.PI);
      assertThat((double) dy[i]).as("2 gelu'(%s)", at).isCloseTo(2 * slope, within(2e-6));
    }
    assertThat(x).isEqualTo(POINTS);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sigmoidIsThatOfFloat64(Kernels kernels) {
    float[] y = POINTS.clone();
    kernels.sigmoid(y, 0, y.length);
    for (int i = 0; i < y.length; i++) {
      double exact = 1 / (1 + Math.exp(-(double) POINTS[i]));
      assertThat((double) y[i])
          .as("sigmoid(%s)", POINTS[i])
          .isCloseTo(exact, within(4e-7 * exact + 1e-37));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyElementHasTheBitsOfThePlainKernelWhereverItStands(Kernels kernels) {
    for (int n = 0; n <= 67; n++) {
      for (int from : new int[] {0, 3}) {
        float[] x = Arrays.copyOfRange(POINTS, 7000, 7000 + from + n + 2);
        float[] gelu = x.clone();
        kernels.gelu(gelu, from, n);
        float[] sigmoid = x.clone();
        kernels.sigmoid(sigmoid, from, n);
        float[] slope = x.clone();
        kernels.geluGradient(x, slope, from, n);
        for (int i = 0; i < x.length; i++) {
          boolean inside = i >= from && i < from + n;
          assertThat(gelu[i]).isEqualTo(inside ? NormalDistribution.gelu(x[i]) : x[i]);
          assertThat(sigmoid[i]).isEqualTo(inside ? Exponential.sigmoid(x[i]) : x[i]);
          assertThat(slope[i]).isEqualTo(inside ? x[i] * NormalDistribution.geluSlope(x[i]) : x[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void nanStaysNan(Kernels kernels) {
    for (int n : new int[] {1, 64}) {
      float[] x = new float[n];
      Arrays.fill(x, Float.NaN);
      kernels.gelu(x, 0, n);
      kernels.sigmoid(x, 0, n);
      float[] dy = new float[n];
      Arrays.fill(dy, 1);
      kernels.geluGradient(x, dy, 0, n);
      for (int i = 0; i < n; i++) {
        assertThat(x[i]).isNaN();
        assertThat(dy[i]).isNaN();
      }
    }
  }

  private static double phi(double x) {
    return x < 0 ? Erf.erfc(-x / Math.sqrt(2)) / 2 : 1 - Erf.erfc(x / Math.sqrt(2)) / 2;
  }

  private static float[] points() {
    float[] points = new float[15_006];
    for (int i = 0; i <= 15_000; i++) {
      points[i] = (i - 7500) / 500f;
    }
    float[] far = {-1e4f, -90f, 90f, 1e4f, -0f};
    System.arraycopy(far, 0, points, 15_001, far.length);
    return points;
  }
}
