package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.array.Blas;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The two largest entries of each row of A B^T, a tile at a time, so that neither memory nor what
 * travels through it grows with the product.
 */
final class RowPeaks implements AutoCloseable {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  /** Rows of B in a tile. */
  private static final int TILE = 1024;

  private final DoublePointer b;
  private final int rows;
  private final int width;

  /** Copies B off the heap, where BLAS reads it. */
  RowPeaks(FlatMatrix b) {
    this.b = new DoublePointer(Math.max(1, b.values().length));
    this.b.put(b.values(), 0, b.values().length);
    this.rows = b.rows();
    this.width = b.width();
  }

  /**
   * The peaks of every row.
   *
   * @param a as wide as B
   * @param skipped for each row of A a row of B to leave out, or -1
   * @return [row of A][2], the largest first; -infinity where B has too few rows
   */
  double[][] of(FlatMatrix a, int[] skipped) {
    double[][] peaks = new double[a.rows()][];
    for (int i = 0; i < peaks.length; i++) {
      peaks[i] = new double[] {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    }
    if (a.rows() == 0) {
      return peaks;
    }
    Blas.singleThreaded();
    double[] tile = new double[a.rows() * TILE];
    try (DoublePointer left = new DoublePointer(a.values().length);
        DoublePointer product = new DoublePointer(tile.length)) {
      left.put(a.values(), 0, a.values().length);
      for (int from = 0; from < rows; from += TILE) {
        int n = Math.min(TILE, rows - from);
        openblas_nolapack.cblas_dgemm(
            ROW_MAJOR,
            NO_TRANS,
            TRANS,
            a.rows(),
            n,
            width,
            1,
            left,
            width,
            b.getPointer((long) from * width),
            width,
            0,
            product,
            n);
        product.get(tile, 0, a.rows() * n);
        for (int i = 0; i < a.rows(); i++) {
          if (skipped[i] >= from && skipped[i] < from + n) {
            tile[i * n + skipped[i] - from] = Double.NEGATIVE_INFINITY;
          }
          raise(peaks[i], tile, i * n, n);
        }
      }
    }
    return peaks;
  }

  private static void raise(double[] peaks, double[] tile, int at, int n) {
    double first = peaks[0];
    double second = peaks[1];
    for (int j = at; j < at + n; j++) {
      if (tile[j] > second) {
        second = Math.min(first, tile[j]);
        first = Math.max(first, tile[j]);
      }
    }
    peaks[0] = first;
    peaks[1] = second;
  }

  @Override
  public void close() {
    b.close();
  }
}
