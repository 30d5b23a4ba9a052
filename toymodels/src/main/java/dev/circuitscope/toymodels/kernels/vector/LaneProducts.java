package dev.circuitscope.toymodels.kernels.vector;

import dev.circuitscope.toymodels.kernels.Block;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums over samples of the products of two blocks' rows, in tiles of 2 by 4 rows. */
final class LaneProducts {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int L = FLOATS.length();
  private static final int W = Block.WIDTH;

  private LaneProducts() {}

  /** Leaves sum_s a_r b_c, in L parts, at {@code at + (r * b.rows() + c) * L}. */
  static void of(Block a, Block b, int width, float[] sums, int at) {
    int rows = a.rows();
    int columns = b.rows();
    int r = 0;
    for (; r + 2 <= rows; r += 2) {
      int c = 0;
      for (; c + 4 <= columns; c += 4) {
        int q = at + (r * columns + c) * L;
        twoByFour(a.values(), r * W, b.values(), c * W, width, sums, q, columns * L);
      }
      for (; c < columns; c++) {
        int q = at + (r * columns + c) * L;
        one(a.values(), r * W, b.values(), c * W, width, sums, q);
        one(a.values(), (r + 1) * W, b.values(), c * W, width, sums, q + columns * L);
      }
    }
    for (int c = 0; r < rows && c < columns; c++) {
      int q = at + (r * columns + c) * L;
      one(a.values(), r * W, b.values(), c * W, width, sums, q);
    }
  }

  private static void twoByFour(
      float[] a, int aAt, float[] b, int bAt, int width, float[] sums, int q, int nextRow) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int s = 0; s < width; s += L) {
      FloatVector upper = FloatVector.fromArray(FLOATS, a, aAt + s);
      FloatVector lower = FloatVector.fromArray(FLOATS, a, aAt + W + s);
      FloatVector c0 = FloatVector.fromArray(FLOATS, b, bAt + s);
      a0 = upper.fma(c0, a0);
      b0 = lower.fma(c0, b0);
      FloatVector c1 = FloatVector.fromArray(FLOATS, b, bAt + W + s);
      a1 = upper.fma(c1, a1);
      b1 = lower.fma(c1, b1);
      FloatVector c2 = FloatVector.fromArray(FLOATS, b, bAt + 2 * W + s);
      a2 = upper.fma(c2, a2);
      b2 = lower.fma(c2, b2);
      FloatVector c3 = FloatVector.fromArray(FLOATS, b, bAt + 3 * W + s);
      a3 = upper.fma(c3, a3);
      b3 = lower.fma(c3, b3);
    }
    a0.intoArray(sums, q);
    a1.intoArray(sums, q + L);
    a2.intoArray(sums, q + 2 * L);
    a3.intoArray(sums, q + 3 * L);
    b0.intoArray(sums, q + nextRow);
    b1.intoArray(sums, q + nextRow + L);
    b2.intoArray(sums, q + nextRow + 2 * L);
    b3.intoArray(sums, q + nextRow + 3 * L);
  }

  private static void one(float[] a, int aAt, float[] b, int bAt, int width, float[] sums, int q) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int s = 0; s < width; s += L) {
      sum =
          FloatVector.fromArray(FLOATS, a, aAt + s)
              .fma(FloatVector.fromArray(FLOATS, b, bAt + s), sum);
    }
    sum.intoArray(sums, q);
  }
}
