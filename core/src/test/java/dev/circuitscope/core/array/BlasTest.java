package dev.circuitscope.core.array;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products against three nested loops in float64. */
class BlasTest {

  @ParameterizedTest
  @CsvSource({"1,1,1", "3,5,2", "7,1,9", "1,8,1", "17,33,65", "64,64,64", "130,40,70"})
  void aProductIsThatOfThreeLoopsWhateverIsTransposedAndHoweverFarRowsLieApart(
      int m, int k, int n) {
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        for (int gap : new int[] {0, 3}) {
          Matrix a = random(ta ? k : m, ta ? m : k, gap, 1);
          Matrix b = random(tb ? n : k, tb ? k : n, gap, 2);
          Matrix c = random(m, n, gap, 3);
          requireProduct(ta ? a.t() : a, tb ? b.t() : b, c);
        }
      }
    }
  }

  @Test
  void betaZeroDoesNotReadWhatWasThere() {
    Matrix a = random(2, 2, 0, 1);
    Matrix c = FloatBlock.allocate(4).matrix(0, 2, 2);
    c.write(new float[] {Float.NaN, Float.NaN, Float.NaN, Float.NaN});
    Blas.gemm(1, a, a, 0, c);
    TensorAssert.assertThat(read(c))
        .isCloseTo(product(1, a, a, 0, new double[4], 2), Tolerance.absolute(1e-5));
  }

  @Test
  void emptyProductsChangeNothing() {
    Matrix none = FloatBlock.zeros(0).matrix(0, 0, 3);
    Matrix b = random(3, 2, 0, 1);
    Blas.gemm(1, none, b, 0, FloatBlock.zeros(0).matrix(0, 0, 2));
  }

  @Test
  void shapesThatDoNotFitAreRefusedWithAllThree() {
    Matrix a = random(2, 3, 0, 1);
    assertThatThrownBy(() -> Blas.gemm(1, a, a, 0, a))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 3 times 2 x 3");
  }

  @Test
  void aMatrixThatLeavesItsBlockIsRefused() {
    assertThatThrownBy(() -> FloatBlock.zeros(5).matrix(0, 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5");
  }

  private static void requireProduct(Matrix a, Matrix b, Matrix c) {
    double[] expected = product(0.7f, a, b, -0.3f, read(c), c.cols());
    Blas.gemm(0.7f, a, b, -0.3f, c);
    TensorAssert.assertThat(read(c)).isCloseTo(expected, new Tolerance(1e-5, 1e-6));
  }

  private static double[] product(
      float alpha, Matrix a, Matrix b, float beta, double[] c, int columns) {
    double[] out = new double[c.length];
    for (int i = 0; i < out.length; i++) {
      double sum = 0;
      for (int k = 0; k < a.width(); k++) {
        sum += element(a, i / columns, k) * element(b, k, i % columns);
      }
      out[i] = alpha * sum + beta * c[i];
    }
    return out;
  }

  private static double element(Matrix m, int row, int col) {
    return m.transposed()
        ? m.block().get(m.from() + col * m.stride() + row)
        : m.block().get(m.from() + row * m.stride() + col);
  }

  private static double[] read(Matrix m) {
    double[] values = new double[m.rows() * m.cols()];
    for (int i = 0; i < values.length; i++) {
      values[i] = element(m, i / m.cols(), i % m.cols());
    }
    return values;
  }

  private static Matrix random(int rows, int cols, int gap, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[rows * (cols + gap) + 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    FloatBlock block = FloatBlock.allocate(values.length);
    block.write(0, values, 0, values.length);
    return block.matrix(5, rows, cols, cols + gap);
  }
}
