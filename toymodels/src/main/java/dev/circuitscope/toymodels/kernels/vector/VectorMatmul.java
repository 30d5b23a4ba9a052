package dev.circuitscope.toymodels.kernels.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * C = A B, or C += A B, in tiles of 6, 4 or 1 rows by 2 vectors. The largest is the one that fits
 * the registers of AVX2 and still has enough independent sums to keep both multipliers of AVX-512
 * busy.
 *
 * @param a of any strides
 * @param b rows without gaps
 * @param c rows without gaps, overwritten or added to
 * @param add whether C is added to
 */
record VectorMatmul(Strided a, Strided b, Strided c, boolean add) {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int L = FLOATS.length();

  /** Columns are computed up to the next multiple of 2 L. */
  void run(int rows, int inner, int columns) {
    for (int column = 0; column < columns; column += 2 * L) {
      int row = 0;
      // 8 rows are better as 4 + 4 than as 6 + 1 + 1.
      for (; row + 6 <= rows && row + 8 != rows; row += 6) {
        sixRows(row, column, inner);
      }
      for (; row + 4 <= rows; row += 4) {
        fourRows(row, column, inner);
      }
      for (; row < rows; row++) {
        oneRow(row, column, inner);
      }
    }
  }

  private FloatVector start(int at) {
    return add ? FloatVector.fromArray(FLOATS, c.values(), at) : FloatVector.zero(FLOATS);
  }

  private void sixRows(int row, int column, int inner) {
    float[] as = a.values();
    float[] bs = b.values();
    float[] cs = c.values();
    int p0 = a.at() + row * a.row();
    int p1 = p0 + a.row();
    int p2 = p1 + a.row();
    int p3 = p2 + a.row();
    int p4 = p3 + a.row();
    int p5 = p4 + a.row();
    int q0 = c.at() + row * c.row() + column;
    int q1 = q0 + c.row();
    int q2 = q1 + c.row();
    int q3 = q2 + c.row();
    int q4 = q3 + c.row();
    int q5 = q4 + c.row();
    FloatVector l0 = start(q0);
    FloatVector r0 = start(q0 + L);
    FloatVector l1 = start(q1);
    FloatVector r1 = start(q1 + L);
    FloatVector l2 = start(q2);
    FloatVector r2 = start(q2 + L);
    FloatVector l3 = start(q3);
    FloatVector r3 = start(q3 + L);
    FloatVector l4 = start(q4);
    FloatVector r4 = start(q4 + L);
    FloatVector l5 = start(q5);
    FloatVector r5 = start(q5 + L);
    for (int k = 0; k < inner; k++) {
      int t = k * a.column();
      int u = b.at() + k * b.row() + column;
      FloatVector left = FloatVector.fromArray(FLOATS, bs, u);
      FloatVector right = FloatVector.fromArray(FLOATS, bs, u + L);
      FloatVector w = FloatVector.broadcast(FLOATS, as[p0 + t]);
      l0 = left.fma(w, l0);
      r0 = right.fma(w, r0);
      w = FloatVector.broadcast(FLOATS, as[p1 + t]);
      l1 = left.fma(w, l1);
      r1 = right.fma(w, r1);
      w = FloatVector.broadcast(FLOATS, as[p2 + t]);
      l2 = left.fma(w, l2);
      r2 = right.fma(w, r2);
      w = FloatVector.broadcast(FLOATS, as[p3 + t]);
      l3 = left.fma(w, l3);
      r3 = right.fma(w, r3);
      w = FloatVector.broadcast(FLOATS, as[p4 + t]);
      l4 = left.fma(w, l4);
      r4 = right.fma(w, r4);
      w = FloatVector.broadcast(FLOATS, as[p5 + t]);
      l5 = left.fma(w, l5);
      r5 = right.fma(w, r5);
    }
    l0.intoArray(cs, q0);
    r0.intoArray(cs, q0 + L);
    l1.intoArray(cs, q1);
    r1.intoArray(cs, q1 + L);
    l2.intoArray(cs, q2);
    r2.intoArray(cs, q2 + L);
    l3.intoArray(cs, q3);
    r3.intoArray(cs, q3 + L);
    l4.intoArray(cs, q4);
    r4.intoArray(cs, q4 + L);
    l5.intoArray(cs, q5);
    r5.intoArray(cs, q5 + L);
  }

  private void fourRows(int row, int column, int inner) {
    int p0 = a.at() + row * a.row();
    int p1 = p0 + a.row();
    int p2 = p1 + a.row();
    int p3 = p2 + a.row();
    int q0 = c.at() + row * c.row() + column;
    int q1 = q0 + c.row();
    int q2 = q1 + c.row();
    int q3 = q2 + c.row();
    FloatVector l0 = start(q0);
    FloatVector r0 = start(q0 + L);
    FloatVector l1 = start(q1);
    FloatVector r1 = start(q1 + L);
    FloatVector l2 = start(q2);
    FloatVector r2 = start(q2 + L);
    FloatVector l3 = start(q3);
    FloatVector r3 = start(q3 + L);
    for (int k = 0; k < inner; k++) {
      int t = k * a.column();
      int u = b.at() + k * b.row() + column;
      FloatVector left = FloatVector.fromArray(FLOATS, b.values(), u);
      FloatVector right = FloatVector.fromArray(FLOATS, b.values(), u + L);
      FloatVector w = FloatVector.broadcast(FLOATS, a.values()[p0 + t]);
      l0 = left.fma(w, l0);
      r0 = right.fma(w, r0);
      w = FloatVector.broadcast(FLOATS, a.values()[p1 + t]);
      l1 = left.fma(w, l1);
      r1 = right.fma(w, r1);
      w = FloatVector.broadcast(FLOATS, a.values()[p2 + t]);
      l2 = left.fma(w, l2);
      r2 = right.fma(w, r2);
      w = FloatVector.broadcast(FLOATS, a.values()[p3 + t]);
      l3 = left.fma(w, l3);
      r3 = right.fma(w, r3);
    }
    l0.intoArray(c.values(), q0);
    r0.intoArray(c.values(), q0 + L);
    l1.intoArray(c.values(), q1);
    r1.intoArray(c.values(), q1 + L);
    l2.intoArray(c.values(), q2);
    r2.intoArray(c.values(), q2 + L);
    l3.intoArray(c.values(), q3);
    r3.intoArray(c.values(), q3 + L);
  }

  private void oneRow(int row, int column, int inner) {
    int p = a.at() + row * a.row();
    int q = c.at() + row * c.row() + column;
    FloatVector l = start(q);
    FloatVector r = start(q + L);
    for (int k = 0; k < inner; k++) {
      int u = b.at() + k * b.row() + column;
      FloatVector w = FloatVector.broadcast(FLOATS, a.values()[p + k * a.column()]);
      l = FloatVector.fromArray(FLOATS, b.values(), u).fma(w, l);
      r = FloatVector.fromArray(FLOATS, b.values(), u + L).fma(w, r);
    }
    l.intoArray(c.values(), q);
    r.intoArray(c.values(), q + L);
  }
}
