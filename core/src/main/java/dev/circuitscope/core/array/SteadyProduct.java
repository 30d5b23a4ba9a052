package dev.circuitscope.core.array;

/**
 * Matrix products whose rows come out the same, bit for bit, however many other rows there are:
 * what lets an example's results not depend on how long its batch is padded.
 *
 * <p>OpenBLAS has two ways of computing a product, one for small ones, and they round differently.
 * It sums over k in order, in parts of at most some 300 terms. So here k is cut into parts of a
 * fixed size; the number of columns is made a multiple of a vector's length, for which the two ways
 * agree; and where the right factor is transposed, for which they never do, a small product is
 * given rows enough for the other way.
 */
public final class SteadyProduct {

  /** Terms of a sum per product. */
  private static final int PART = 256;

  /** Columns of a vector. */
  private static final int LANES = 16;

  /** With a transposed right factor, more elements than this are computed the usual way. */
  private static final int SMALL = 36 * 36;

  private SteadyProduct() {}

  /**
   * C = alpha A B + beta C. With beta 0 the old contents of C are not read.
   *
   * @param alpha scales the product
   * @param a m x k, not modified, not transposed
   * @param b k x n, not modified
   * @param beta scales what C held before
   * @param c m x n, overwritten, not transposed
   * @throws IllegalArgumentException if the shapes do not fit, with all three
   */
  public static void gemm(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    if (a.width() <= PART) {
      part(alpha, a, b, beta, c);
      return;
    }
    for (int k = 0; k < a.width(); k += PART) {
      int end = Math.min(a.width(), k + PART);
      Matrix terms = b.transposed() ? b.cols(k, end) : b.rows(k, end);
      part(alpha, a.cols(k, end), terms, k == 0 ? beta : 1, c);
    }
  }

  private static void part(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    if (b.transposed()) {
      transposed(alpha, a, b, beta, c);
      return;
    }
    int whole = c.cols() / LANES * LANES;
    if (whole > 0) {
      Blas.gemm(alpha, a, b.cols(0, whole), beta, c.cols(0, whole));
    }
    if (whole < c.cols()) {
      lastColumns(alpha, a, b.cols(whole, c.cols()), beta, c.cols(whole, c.cols()));
    }
  }

  /** Columns that are fewer than a vector's, as a product of a whole vector's columns. */
  private static void lastColumns(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    int k = b.rows();
    int m = c.rows();
    FloatBlock scratch = Scratch.block((k + m) * LANES);
    scratch.clear(0, k * LANES);
    Matrix wide = scratch.matrix(0, k, LANES);
    Matrix out = scratch.matrix(k * LANES, m, LANES);
    copy(b, wide.cols(0, b.cols()));
    if (beta != 0) {
      out.clear();
      copy(c, out.cols(0, c.cols()));
    }
    Blas.gemm(alpha, a, wide, beta, out);
    copy(out.cols(0, c.cols()), c);
  }

  private static void transposed(float alpha, Matrix a, Matrix b, float beta, Matrix c) {
    int m = c.rows();
    int n = c.cols();
    if (m * n > SMALL || m * n == 0) {
      Blas.gemm(alpha, a, b, beta, c);
      return;
    }
    int rows = SMALL / n + 1;
    int k = a.cols();
    FloatBlock scratch = Scratch.block(rows * (k + n));
    scratch.clear(0, rows * (k + n));
    Matrix tall = scratch.matrix(0, rows, k);
    Matrix out = scratch.matrix(rows * k, rows, n);
    copy(a, tall.rows(0, m));
    if (beta != 0) {
      copy(c, out.rows(0, m));
    }
    Blas.gemm(alpha, tall, b, beta, out);
    copy(out.rows(0, m), c);
  }

  private static void copy(Matrix from, Matrix to) {
    for (int r = 0; r < from.rows(); r++) {
      to.block()
          .copy(
              to.from() + r * to.stride(),
              from.block(),
              from.from() + r * from.stride(),
              from.cols());
    }
  }
}
