package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.array.SteadyProduct;
import java.util.Arrays;

/** y = x W + b on rows, and its gradients. */
final class Linear {

  /** Rows and columns of a weight gradient per task; each task packs both factors anew. */
  private static final int GRADIENT_TILE = 256;

  /** Columns are shared out in multiples of this, for the sake of {@link SteadyProduct}. */
  private static final int LANES = 16;

  /** With so few rows, a product takes as long as its weights take to come from memory. */
  private static final int FEW_ROWS = 8;

  /** Weights that are worth a task of their own. */
  private static final int WEIGHTS = 1 << 18;

  private Linear() {}

  /** y = x W + b for some rows. Threads share the columns if the rows are too few for them. */
  static void forward(Matrix x, Matrix w, float[] bias, Matrix y) {
    fillRows(y, bias);
    int columns = Math.max(LANES, WEIGHTS / Math.max(1, x.cols()) / LANES * LANES);
    if (x.rows() > FEW_ROWS || y.cols() < 2 * columns) {
      SteadyProduct.gemm(1, x, w, 1, y);
      return;
    }
    Parallel.forEach(
        (y.cols() + columns - 1) / columns,
        task -> {
          int from = task * columns;
          int to = Math.min(y.cols(), from + columns);
          Matrix part = w.transposed() ? w.rows(from, to) : w.cols(from, to);
          SteadyProduct.gemm(1, x, part, 1, y.cols(from, to));
        });
  }

  /** dx = beta dx + dy W^T for some rows. */
  static void inputGradient(Matrix dy, Matrix w, float beta, Matrix dx) {
    Blas.gemm(1, dy, w.t(), beta, dx);
  }

  /** dW = x^T dy, db = 1^T dy over all rows: work that {@code jobs} does later. */
  static void weightGradient(Matrix x, Matrix dy, Matrix dw, Matrix db, Jobs jobs) {
    matrixGradient(x, dy, 0, dw, jobs);
    biasGradient(dy, db, jobs);
  }

  /** dW = beta dW + x^T dy over all rows: work that {@code jobs} does later. */
  static void matrixGradient(Matrix x, Matrix dy, float beta, Matrix dw, Jobs jobs) {
    for (int row = 0; row < dw.rows(); row += GRADIENT_TILE) {
      for (int col = 0; col < dw.cols(); col += GRADIENT_TILE) {
        int top = row;
        int left = col;
        int bottom = Math.min(dw.rows(), row + GRADIENT_TILE);
        int right = Math.min(dw.cols(), col + GRADIENT_TILE);
        jobs.add(
            () ->
                Blas.gemm(
                    1,
                    x.cols(top, bottom).t(),
                    dy.cols(left, right),
                    beta,
                    dw.rows(top, bottom).cols(left, right)));
      }
    }
  }

  /** db = 1^T dy over all rows: work that {@code jobs} does later. */
  static void biasGradient(Matrix dy, Matrix db, Jobs jobs) {
    jobs.add(
        () -> {
          FloatBlock ones = Scratch.block(dy.rows());
          float[] values = Scratch.tile(0, dy.rows());
          Arrays.fill(values, 0, dy.rows(), 1);
          ones.write(0, values, 0, dy.rows());
          Blas.gemm(1, ones.matrix(0, 1, dy.rows()), dy, 0, db);
        });
  }

  private static void fillRows(Matrix y, float[] row) {
    for (int r = 0; r < y.rows(); r++) {
      y.block().write(y.from() + r * y.stride(), row, 0, y.cols());
    }
  }
}
