package dev.circuitscope.toymodels.kernels.vector;

import dev.circuitscope.toymodels.kernels.Block;
import jdk.incubator.vector.FloatVector;

/**
 * Sums over samples of the products of two blocks' rows, with the rows of the smaller block along
 * the vectors. Sums come out whole, where {@link LaneProducts} leaves one part per lane: of a W
 * [30, 400] that would be 768 KB to write, add and read again for every block of samples.
 *
 * <p>The smaller block is transposed to get there, which costs little beside the products if it is
 * small, and its rows are padded to two vectors.
 */
final class WideProducts {

  private static final int L = FloatVector.SPECIES_PREFERRED.length();
  private static final int W = Block.WIDTH;
  private static final int CACHED = 32;

  /** The smaller block, [samples, padded rows]. */
  private float[] transposed = new float[0];

  /** The rule: if at least half of the padded vectors is in use. At [20, 80] both ways are even. */
  static boolean pay(int rows, int columns) {
    return Math.min(rows, columns) >= L;
  }

  /** Sums are stored as [rows of the larger block, padded rows of the smaller]. */
  static int size(int rows, int columns) {
    return Math.max(rows, columns) * padded(Math.min(rows, columns));
  }

  private static int padded(int rows) {
    return (rows + 2 * L - 1) & -(2 * L);
  }

  /** Leaves sum_s a_r b_c from {@code at} on, or adds it to what is there. */
  void of(Block a, Block b, int samples, float[] sums, int at, boolean add) {
    Block small = a.rows() <= b.rows() ? a : b;
    Block large = small == a ? b : a;
    int stride = padded(small.rows());
    transpose(small, samples, stride);
    new VectorMatmul(
            Strided.of(large),
            Strided.rows(transposed, stride),
            new Strided(sums, at, stride, 1),
            add)
        .run(large.rows(), samples, small.rows());
  }

  private void transpose(Block block, int samples, int stride) {
    if (transposed.length < W * stride) {
      transposed = new float[W * stride];
    }
    float[] values = block.values();
    for (int s = 0; s < samples; s++) {
      for (int row = 0; row < block.rows(); row++) {
        transposed[s * stride + row] = values[row * W + s];
      }
    }
  }

  /** matrix[r * columns + c] = sum_s a_r b_c. */
  static void gather(float[] sums, int at, int rows, int columns, float[] matrix) {
    int stride = padded(Math.min(rows, columns));
    if (columns < rows) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(sums, at + r * stride, matrix, r * columns, columns);
      }
      return;
    }
    // Some columns at a time, which stay in the cache until all their rows are done.
    for (int c0 = 0; c0 < columns; c0 += CACHED) {
      int end = Math.min(c0 + CACHED, columns);
      for (int r = 0; r < rows; r++) {
        for (int c = c0; c < end; c++) {
          matrix[r * columns + c] = sums[at + c * stride + r];
        }
      }
    }
  }
}
