package dev.circuitscope.circuits.algebra;

import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrices of independent standard normal entries, and triangles that stand for them in products:
 * for G [p, n], G = L Q^T with Q uniform and independent of L, so that a long G can be left out.
 */
final class GaussianMatrices {

  private final SplittableRandom random;

  GaussianMatrices(SplittableRandom random) {
    this.random = random;
  }

  /** [rows, columns]. */
  INDArray matrix(int rows, int columns) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return Nd4j.createFromArray(values).reshape('c', rows, columns);
  }

  /**
   * L of G = L Q^T for G [rows, columns]: below the diagonal standard normal, on it chi with
   * columns - i degrees of freedom (Bartlett 1933).
   *
   * @return [rows, min(rows, columns)]
   */
  INDArray triangle(int rows, int columns) {
    int width = Math.min(rows, columns);
    double[] values = new double[rows * width];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < Math.min(r, width); c++) {
        values[r * width + c] = random.nextGaussian();
      }
      if (r < width) {
        values[r * width + r] = Math.sqrt(chiSquared(columns - r));
      }
    }
    return Nd4j.createFromArray(values).reshape('c', rows, width);
  }

  /**
   * A product G_1 G_2 ... of independent matrices [s_0, s_1], [s_1, s_2], ..., without the long
   * ones: G_1 = L_1 Q_1^T, and Q_1^T G_2 has independent normal entries again, [width of L_1, s_2].
   */
  INDArray product(int... sizes) {
    INDArray product = null;
    int height = sizes[0];
    for (int i = 1; i < sizes.length; i++) {
      boolean last = i == sizes.length - 1;
      INDArray next = last ? matrix(height, sizes[i]) : triangle(height, sizes[i]);
      product = product == null ? next : product.mmul(next);
      height = (int) next.size(1);
    }
    return product;
  }

  /** The sum of so many squares of standard normal numbers, at least one. */
  private double chiSquared(int freedom) {
    if (freedom < 3) {
      double sum = 0;
      for (int i = 0; i < freedom; i++) {
        double x = random.nextGaussian();
        sum += x * x;
      }
      return sum;
    }
    // Marsaglia and Tsang 2000: 2 Gamma(freedom / 2) by rejection
    double d = freedom / 2.0 - 1.0 / 3;
    while (true) {
      double x = random.nextGaussian();
      double root = 1 + x / Math.sqrt(9 * d);
      double v = root * root * root;
      if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return 2 * d * v;
      }
    }
  }
}
