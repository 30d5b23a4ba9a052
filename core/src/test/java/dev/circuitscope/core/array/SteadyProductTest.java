package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyProductTest {

  private static final int MOST_ROWS = 256;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hasTheSameRowsHoweverManyThereAre(boolean transposed) {
    for (int k : new int[] {1, 5, 13, 32, 64, 100, 256, 257, 350, 512, 1024}) {
      for (int n : new int[] {1, 3, 16, 33, 40, 64, 83, 113, 128, 300}) {
        FloatBlock a = random(MOST_ROWS * k, 1);
        Matrix b = factor(k, n, transposed);
        float[] all = product(a, b, MOST_ROWS, k, n, 0);
        for (int m : new int[] {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 35, 36, 37, 64, 65, 127}) {
          TensorAssert.assertThat(product(a, b, m, k, n, 0))
              .as("%d rows, %d columns, %d terms", m, n, k)
              .isCloseTo(Arrays.copyOf(all, m * n), Tolerance.EXACT);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isTheProductOfFloat64(boolean transposed) {
    for (int k : new int[] {1, 5, 64, 300}) {
      for (int n : new int[] {1, 16, 40, 83}) {
        for (int m : new int[] {1, 17, 40}) {
          FloatBlock a = random(m * k, 1);
          Matrix b = factor(k, n, transposed);
          double[] exact = new double[m * n];
          for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
              exact[i * n + j] = 3;
              for (int t = 0; t < k; t++) {
                float right = b.block().get(transposed ? j * k + t : t * n + j);
                exact[i * n + j] += 0.5 * a.get(i * k + t) * right;
              }
            }
          }
          TensorAssert.assertThat(product(a, b, m, k, n, 1))
              .as("%d rows, %d columns, %d terms", m, n, k)
              .isCloseTo(exact, Tolerance.relativeToLargest(2e-6));
        }
      }
    }
  }

  @Test
  void leavesWhatLiesBesideTheProductAlone() {
    for (boolean transposed : new boolean[] {false, true}) {
      FloatBlock c = random(20 * 100, 9);
      float[] before = c.toArray();
      SteadyProduct.gemm(
          1,
          random(20 * 8, 1).matrix(0, 20, 8),
          factor(8, 21, transposed),
          0,
          c.matrix(7, 20, 21, 95));
      float[] after = c.toArray();
      for (int i = 0; i < after.length; i++) {
        boolean inside = i >= 7 && (i - 7) % 95 < 21 && (i - 7) / 95 < 20;
        if (!inside && after[i] != before[i]) {
          throw new AssertionError("element " + i + " was overwritten");
        }
      }
    }
  }

  @Test
  void ofShapesThatDoNotFitIsRefusedWithAllThree() {
    FloatBlock x = FloatBlock.zeros(100);
    assertThatThrownBy(
            () ->
                SteadyProduct.gemm(1, x.matrix(0, 2, 3), x.matrix(0, 4, 16), 0, x.matrix(0, 2, 16)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3")
        .hasMessageContaining("4 x 16");
  }

  /** 0.5 A B + beta 3 if beta is not 0, else A B. */
  private static float[] product(FloatBlock a, Matrix b, int m, int k, int n, float beta) {
    FloatBlock c = FloatBlock.allocate(m * n);
    float[] threes = new float[m * n];
    Arrays.fill(threes, 3);
    c.write(0, threes, 0, m * n);
    SteadyProduct.gemm(beta == 0 ? 1 : 0.5f, a.matrix(0, m, k), b, beta, c.matrix(0, m, n));
    return c.toArray();
  }

  private static Matrix factor(int k, int n, boolean transposed) {
    FloatBlock block = random(k * n, 2);
    return transposed ? block.matrix(0, n, k).t() : block.matrix(0, k, n);
  }

  private static FloatBlock random(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    FloatBlock block = FloatBlock.allocate(n);
    block.write(0, values, 0, n);
    return block;
  }
}
