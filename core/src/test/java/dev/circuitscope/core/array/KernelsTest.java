package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both kernels against float64, and against each other, at lengths that no vector divides. */
class KernelsTest {

  private static final int LONGEST = 67;
  private static final int OFFSET = 3;
  private static final float INF = Float.POSITIVE_INFINITY;

  static Stream<Kernels> kernels() {
    return Stream.of(Kernels.plain(), Kernels.best());
  }

  @Test
  void thisBuildRunsTheVectorKernels() {
    assertThat(Kernels.best().description()).startsWith("vector");
    assertThat(Kernels.plain().description()).isEqualTo("plain");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void dotAndSumAreThoseOfFloat64(Kernels kernels) {
    for (int n = 0; n <= LONGEST; n++) {
      float[] a = random(n, 1);
      float[] b = random(n, 2);
      double dot = 0;
      double sum = 0;
      double magnitude = 1;
      for (int i = OFFSET; i < OFFSET + n; i++) {
        dot += (double) a[i] * b[i];
        sum += a[i];
        magnitude += Math.abs(a[i]);
      }
      assertThat((double) kernels.dot(a, OFFSET, b, OFFSET, n))
          .as("dot of " + n)
          .isCloseTo(dot, within(1e-6 * magnitude));
      assertThat((double) kernels.sum(a, OFFSET, n))
          .as("sum of " + n)
          .isCloseTo(sum, within(1e-6 * magnitude));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void maxIsTheMaximumAndNegativeInfinityOfNothing(Kernels kernels) {
    assertThat(kernels.max(new float[0], 0, 0)).isEqualTo(-INF);
    for (int n = 1; n <= LONGEST; n++) {
      for (int where = 0; where < n; where++) {
        float[] x = new float[OFFSET + n + 1];
        Arrays.fill(x, 99);
        Arrays.fill(x, OFFSET, OFFSET + n, -INF);
        x[OFFSET + where] = -2;
        assertThat(kernels.max(x, OFFSET, n)).isEqualTo(-2);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void expIsMathExpOverItsWholeRange(Kernels kernels) {
    float[] x = new float[87 * 64 + 1];
    for (int i = 0; i < x.length; i++) {
      x[i] = -i / 64f;
    }
    float[] y = x.clone();
    kernels.expSum(y, 0, y.length, 0);
    for (int i = 0; i < x.length; i++) {
      double exact = Math.exp(x[i]);
      assertThat((double) y[i]).as("exp(%s)", x[i]).isCloseTo(exact, within(4e-7 * exact));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void expOfZeroIsExactlyOneAndFarBelowItIsExactlyZero(Kernels kernels) {
    for (int n = 1; n <= LONGEST; n++) {
      float[] x = new float[n];
      Arrays.fill(x, -INF);
      x[n - 1] = 5;
      x[0] = n == 1 ? 5 : -1e30f;
      assertThat(kernels.expSum(x, 0, n, 5)).isEqualTo(1);
      assertThat(x[n - 1]).isEqualTo(1);
      assertThat(Arrays.copyOf(x, n - 1)).containsOnly(new float[n == 1 ? 0 : 1]);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void softmaxOfRowsWithMaskedElementsIsThatOfFloat64(Kernels kernels) {
    for (int n = 1; n <= LONGEST; n++) {
      float[] x = random(n, 3);
      for (int i = 1; i < n; i += 3) {
        x[OFFSET + i] = -INF;
      }
      double[] exact = IntStream.range(0, n).mapToDouble(i -> Math.exp(x[OFFSET + i])).toArray();
      double total = Arrays.stream(exact).sum();
      float[] y = x.clone();
      float sum = kernels.expSum(y, OFFSET, n, kernels.max(y, OFFSET, n));
      for (int i = 0; i < n; i++) {
        assertThat((double) y[OFFSET + i] / sum).isCloseTo(exact[i] / total, within(1e-6));
      }
      assertThat(y).as("elements outside").startsWith(x[0], x[1], x[2]).endsWith(x[x.length - 1]);
    }
  }

  @Test
  void plainAndVectorAgreeToAMillionth() {
    for (int n = 0; n <= LONGEST; n++) {
      float[] a = positive(n, 4);
      float[] b = positive(n, 5);
      agree(Kernels.plain().dot(a, 3, b, 3, n), Kernels.best().dot(a, 3, b, 3, n));
      agree(Kernels.plain().sum(a, 3, n), Kernels.best().sum(a, 3, n));
      assertThat(Kernels.best().max(a, 3, n)).isEqualTo(Kernels.plain().max(a, 3, n));
      float[] plain = a.clone();
      float[] vector = a.clone();
      agree(Kernels.plain().expSum(plain, 3, n, 9), Kernels.best().expSum(vector, 3, n, 9));
      for (int i = 0; i < plain.length; i++) {
        agree(plain[i], vector[i]);
      }
    }
  }

  private static void agree(float a, float b) {
    assertThat((double) a).isCloseTo(b, within(1e-6 * Math.abs(b)));
  }

  /** n elements from index 3 on, with something else around them. */
  private static float[] random(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1000 + n);
    float[] x = new float[OFFSET + n + 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (4 * random.nextGaussian());
    }
    return x;
  }

  private static float[] positive(int n, long seed) {
    float[] x = random(n, seed);
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.abs(x[i]) / 2;
    }
    return x;
  }
}
