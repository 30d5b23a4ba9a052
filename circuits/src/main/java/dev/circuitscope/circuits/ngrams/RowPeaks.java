package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.array.Blas;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * The two largest entries of each row of A B^T, a tile at a time, so that neither memory nor what
 * travels through it grows with the product. In float32, which is more than twice as fast, within
 * {@link #error} of the exact ones.
 */
final class RowPeaks implements AutoCloseable {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  /** Rows of B in a tile. */
  private static final int TILE = 1024;

  private final FloatPointer b;
  private final int rows;
  private final int width;

  /** Copies B off the heap, where BLAS reads it. */
  RowPeaks(FlatMatrix b) {
    this.b = new FloatPointer(Math.max(1, b.values().length));
    this.b.put(floats(b.values()), 0, b.values().length);
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
    float[] tile = new float[a.rows() * TILE];
    try (FloatPointer left = new FloatPointer(a.values().length);
        FloatPointer product = new FloatPointer(tile.length)) {
      left.put(floats(a.values()), 0, a.values().length);
      for (int from = 0; from < rows; from += TILE) {
        int n = Math.min(TILE, rows - from);
        openblas_nolapack.cblas_sgemm(
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
            tile[i * n + skipped[i] - from] = Float.NEGATIVE_INFINITY;
          }
          raise(peaks[i], tile, i * n, n);
        }
      }
    }
    return peaks;
  }

  /**
   * How far a peak can be from the exact one, as a share of the lengths of the two rows multiplied:
   * width + 2 roundings of half a unit in the last place.
   */
  double error() {
    return (width + 2) * 0x1p-24;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static void raise(double[] peaks, float[] tile, int at, int n) {
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
