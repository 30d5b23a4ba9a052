package dev.circuitscope.toymodels.kernels.vector;

import dev.circuitscope.toymodels.kernels.Block;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a W that is both encoder and decoder, sum_s dh_k x_i + h_k g_i, in tiles of 2
 * hidden units by 4 features.
 */
final class TiedLaneProducts {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int L = FLOATS.length();
  private static final int W = Block.WIDTH;

  private TiedLaneProducts() {}

  /** Leaves the sum, in L parts, at {@code (k * x.rows() + i) * L}. */
  static void of(Block h, Block dh, Block x, Block g, int width, float[] sums) {
    int i = 0;
    for (; i + 4 <= x.rows(); i += 4) {
      int k = 0;
      for (; k + 2 <= h.rows(); k += 2) {
        twoByFour(h, dh, x, g, k, i, width, sums);
      }
      if (k < h.rows()) {
        oneByFour(h, dh, x, g, k, i, width, sums);
      }
    }
    for (; i < x.rows(); i++) {
      for (int k = 0; k < h.rows(); k++) {
        oneByOne(h, dh, x, g, k, i, width, sums);
      }
    }
  }

  private static void twoByFour(
      Block h, Block dh, Block x, Block g, int k, int i, int width, float[] sums) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector b3 = a0;
    for (int s = 0; s < width; s += L) {
      FloatVector da = FloatVector.fromArray(FLOATS, dh.values(), k * W + s);
      FloatVector db = FloatVector.fromArray(FLOATS, dh.values(), (k + 1) * W + s);
      FloatVector ha = FloatVector.fromArray(FLOATS, h.values(), k * W + s);
      FloatVector hb = FloatVector.fromArray(FLOATS, h.values(), (k + 1) * W + s);
      FloatVector x0 = FloatVector.fromArray(FLOATS, x.values(), i * W + s);
      FloatVector g0 = FloatVector.fromArray(FLOATS, g.values(), i * W + s);
      a0 = ha.fma(g0, da.fma(x0, a0));
      b0 = hb.fma(g0, db.fma(x0, b0));
      FloatVector x1 = FloatVector.fromArray(FLOATS, x.values(), (i + 1) * W + s);
      FloatVector g1 = FloatVector.fromArray(FLOATS, g.values(), (i + 1) * W + s);
      a1 = ha.fma(g1, da.fma(x1, a1));
      b1 = hb.fma(g1, db.fma(x1, b1));
      FloatVector x2 = FloatVector.fromArray(FLOATS, x.values(), (i + 2) * W + s);
      FloatVector g2 = FloatVector.fromArray(FLOATS, g.values(), (i + 2) * W + s);
      a2 = ha.fma(g2, da.fma(x2, a2));
      b2 = hb.fma(g2, db.fma(x2, b2));
      FloatVector x3 = FloatVector.fromArray(FLOATS, x.values(), (i + 3) * W + s);
      FloatVector g3 = FloatVector.fromArray(FLOATS, g.values(), (i + 3) * W + s);
      a3 = ha.fma(g3, da.fma(x3, a3));
      b3 = hb.fma(g3, db.fma(x3, b3));
    }
    int q = (k * x.rows() + i) * L;
    int r = q + x.rows() * L;
    a0.intoArray(sums, q);
    b0.intoArray(sums, r);
    a1.intoArray(sums, q + L);
    b1.intoArray(sums, r + L);
    a2.intoArray(sums, q + 2 * L);
    b2.intoArray(sums, r + 2 * L);
    a3.intoArray(sums, q + 3 * L);
    b3.intoArray(sums, r + 3 * L);
  }

  private static void oneByFour(
      Block h, Block dh, Block x, Block g, int k, int i, int width, float[] sums) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    for (int s = 0; s < width; s += L) {
      FloatVector d = FloatVector.fromArray(FLOATS, dh.values(), k * W + s);
      FloatVector a = FloatVector.fromArray(FLOATS, h.values(), k * W + s);
      FloatVector x0 = FloatVector.fromArray(FLOATS, x.values(), i * W + s);
      FloatVector g0 = FloatVector.fromArray(FLOATS, g.values(), i * W + s);
      a0 = a.fma(g0, d.fma(x0, a0));
      FloatVector x1 = FloatVector.fromArray(FLOATS, x.values(), (i + 1) * W + s);
      FloatVector g1 = FloatVector.fromArray(FLOATS, g.values(), (i + 1) * W + s);
      a1 = a.fma(g1, d.fma(x1, a1));
      FloatVector x2 = FloatVector.fromArray(FLOATS, x.values(), (i + 2) * W + s);
      FloatVector g2 = FloatVector.fromArray(FLOATS, g.values(), (i + 2) * W + s);
      a2 = a.fma(g2, d.fma(x2, a2));
      FloatVector x3 = FloatVector.fromArray(FLOATS, x.values(), (i + 3) * W + s);
      FloatVector g3 = FloatVector.fromArray(FLOATS, g.values(), (i + 3) * W + s);
      a3 = a.fma(g3, d.fma(x3, a3));
    }
    int q = (k * x.rows() + i) * L;
    a0.intoArray(sums, q);
    a1.intoArray(sums, q + L);
    a2.intoArray(sums, q + 2 * L);
    a3.intoArray(sums, q + 3 * L);
  }

  private static void oneByOne(
      Block h, Block dh, Block x, Block g, int k, int i, int width, float[] sums) {
    FloatVector encoder = FloatVector.zero(FLOATS);
    FloatVector decoder = encoder;
    for (int s = 0; s < width; s += L) {
      encoder =
          FloatVector.fromArray(FLOATS, dh.values(), k * W + s)
              .fma(FloatVector.fromArray(FLOATS, x.values(), i * W + s), encoder);
      decoder =
          FloatVector.fromArray(FLOATS, h.values(), k * W + s)
              .fma(FloatVector.fromArray(FLOATS, g.values(), i * W + s), decoder);
    }
    encoder.add(decoder).intoArray(sums, (k * x.rows() + i) * L);
  }
}
