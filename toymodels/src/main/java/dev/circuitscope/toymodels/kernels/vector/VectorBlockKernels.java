package dev.circuitscope.toymodels.kernels.vector;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import dev.circuitscope.toymodels.kernels.CounterRandom;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on {@code jdk.incubator.vector}. Loaded by name, and only when that module is present.
 *
 * <p>Products are computed in tiles that stay in registers: for W in, 4 rows by 2 vectors of
 * samples; for the outer products, 2 hidden units by 4 features.
 */
public final class VectorBlockKernels implements BlockKernels {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int L = FLOATS.length();
  private static final int W = Block.WIDTH;
  private static final int[] WEYL_STEPS = weylSteps();

  /** The kernels of this machine's widest vectors. */
  public VectorBlockKernels() {}

  private static int[] weylSteps() {
    int[] steps = new int[L];
    for (int lane = 0; lane < L; lane++) {
      steps[lane] = lane * CounterRandom.WEYL;
    }
    return steps;
  }

  @Override
  public int lanes() {
    return L;
  }

  @Override
  public int padded(int samples) {
    return (samples + 2 * L - 1) & -(2 * L);
  }

  @Override
  public void sparseUniform(long key, int first, float p, Block x, int row) {
    float[] out = x.values();
    float slope = CounterRandom.UNIT / p;
    int high = (int) (key >>> 32);
    IntVector steps = IntVector.fromArray(INTS, WEYL_STEPS, 0);
    for (int s = 0; s < W; s += L) {
      IntVector z = steps.add((int) key + (first + s) * CounterRandom.WEYL);
      z = z.lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHR, 16));
      z = z.mul(CounterRandom.FIRST);
      z = z.lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHR, 15));
      z = z.lanewise(VectorOperators.XOR, high).mul(CounterRandom.SECOND);
      z = z.lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHR, 16));
      z = z.lanewise(VectorOperators.LSHR, 1);
      FloatVector u = (FloatVector) z.convert(VectorOperators.I2F, 0);
      FloatVector v = FloatVector.broadcast(FLOATS, 1f).sub(u.mul(slope));
      v.blend(0f, v.compare(VectorOperators.LE, 0f)).intoArray(out, row * W + s);
    }
  }

  @Override
  public void encode(float[] w, Block in, Block out, int samples) {
    multiply(w, in.rows(), 1, in, out, samples);
  }

  @Override
  public void decode(float[] w, Block in, Block out, int samples) {
    multiply(w, 1, out.rows(), in, out, samples);
  }

  private void multiply(
      float[] w, int rowStride, int columnStride, Block in, Block out, int samples) {
    int width = padded(samples);
    for (int s = 0; s < width; s += 2 * L) {
      int row = 0;
      for (; row + 4 <= out.rows(); row += 4) {
        fourRows(w, row, rowStride, columnStride, in, out.values(), s);
      }
      for (; row < out.rows(); row++) {
        oneRow(w, row, rowStride, columnStride, in, out.values(), s);
      }
    }
  }

  private static void fourRows(
      float[] w, int row, int rowStride, int columnStride, Block in, float[] out, int s) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    float[] values = in.values();
    int at = row * rowStride;
    for (int c = 0; c < in.rows(); c++) {
      FloatVector x0 = FloatVector.fromArray(FLOATS, values, c * W + s);
      FloatVector x1 = FloatVector.fromArray(FLOATS, values, c * W + s + L);
      FloatVector wa = FloatVector.broadcast(FLOATS, w[at]);
      a0 = x0.fma(wa, a0);
      a1 = x1.fma(wa, a1);
      FloatVector wb = FloatVector.broadcast(FLOATS, w[at + rowStride]);
      b0 = x0.fma(wb, b0);
      b1 = x1.fma(wb, b1);
      FloatVector wc = FloatVector.broadcast(FLOATS, w[at + 2 * rowStride]);
      c0 = x0.fma(wc, c0);
      c1 = x1.fma(wc, c1);
      FloatVector wd = FloatVector.broadcast(FLOATS, w[at + 3 * rowStride]);
      d0 = x0.fma(wd, d0);
      d1 = x1.fma(wd, d1);
      at += columnStride;
    }
    int o = row * W + s;
    a0.intoArray(out, o);
    a1.intoArray(out, o + L);
    b0.intoArray(out, o + W);
    b1.intoArray(out, o + W + L);
    c0.intoArray(out, o + 2 * W);
    c1.intoArray(out, o + 2 * W + L);
    d0.intoArray(out, o + 3 * W);
    d1.intoArray(out, o + 3 * W + L);
  }

  private static void oneRow(
      float[] w, int row, int rowStride, int columnStride, Block in, float[] out, int s) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector a1 = a0;
    float[] values = in.values();
    int at = row * rowStride;
    for (int c = 0; c < in.rows(); c++) {
      FloatVector wa = FloatVector.broadcast(FLOATS, w[at]);
      a0 = FloatVector.fromArray(FLOATS, values, c * W + s).fma(wa, a0);
      a1 = FloatVector.fromArray(FLOATS, values, c * W + s + L).fma(wa, a1);
      at += columnStride;
    }
    a0.intoArray(out, row * W + s);
    a1.intoArray(out, row * W + s + L);
  }

  @Override
  public void relu(Block h, int samples) {
    int width = padded(samples);
    float[] hs = h.values();
    for (int k = 0; k < h.rows(); k++) {
      for (int s = k * W; s < k * W + width; s += L) {
        FloatVector.fromArray(FLOATS, hs, s).max(0f).intoArray(hs, s);
      }
    }
  }

  @Override
  public void reluGradient(Block h, Block dh, int samples) {
    int width = padded(samples);
    float[] ds = dh.values();
    for (int k = 0; k < h.rows(); k++) {
      for (int s = k * W; s < k * W + width; s += L) {
        VectorMask<Float> off =
            FloatVector.fromArray(FLOATS, h.values(), s).compare(VectorOperators.LE, 0f);
        FloatVector.fromArray(FLOATS, ds, s).blend(0f, off).intoArray(ds, s);
      }
    }
  }

  @Override
  public void residual(Output output, Block x, Block z, int samples, float[] sums, int at) {
    int whole = samples & -L;
    int loss = (at + x.rows()) * L;
    Arrays.fill(sums, loss, loss + L, 0f);
    for (int i = 0; i < x.rows(); i++) {
      residualRow(output, i, x.values(), z.values(), whole, sums, at, loss);
    }
    if (whole < samples) {
      BlockKernels.addResidual(output, x, z, whole, samples, sums, at * L, L);
    }
    z.clear(samples, padded(samples));
  }

  private static void residualRow(
      Output output, int i, float[] x, float[] z, int whole, float[] sums, int at, int lossAt) {
    float bias = output.bias()[i];
    float scale = output.scale()[i];
    float floor = output.floor();
    FloatVector total = FloatVector.zero(FLOATS);
    FloatVector loss = FloatVector.fromArray(FLOATS, sums, lossAt);
    for (int s = i * W; s < i * W + whole; s += L) {
      FloatVector pre = FloatVector.fromArray(FLOATS, z, s).add(bias);
      // "At or below", not "above", so that NaN is passed on.
      VectorMask<Float> off = pre.compare(VectorOperators.LE, floor);
      FloatVector difference = pre.blend(0f, off).sub(FloatVector.fromArray(FLOATS, x, s));
      FloatVector g = difference.mul(scale);
      FloatVector passed = g.blend(0f, off);
      passed.intoArray(z, s);
      total = total.add(passed);
      loss = g.fma(difference, loss);
    }
    total.intoArray(sums, (at + i) * L);
    loss.intoArray(sums, lossAt);
  }

  @Override
  public void outer(Block h, Block dh, Block x, Block g, int samples, float[] sums) {
    int width = padded(samples);
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

  @Override
  public void outer(Block a, Block b, int samples, float[] sums, int at) {
    VectorProducts.of(a, b, padded(samples), sums, at);
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
