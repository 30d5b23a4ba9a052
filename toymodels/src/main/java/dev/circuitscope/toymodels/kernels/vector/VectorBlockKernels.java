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
 * <p>Products are computed in tiles that stay in registers. Those of weights and samples have
 * samples along the vectors ({@link VectorMatmul}). So have the outer products of a model with few
 * hidden units, whose sums over samples are left in one part per lane ({@link LaneProducts}); with
 * more hidden units those are what lies along the vectors ({@link WideProducts}).
 */
public final class VectorBlockKernels implements BlockKernels {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());
  private static final int L = FLOATS.length();
  private static final int W = Block.WIDTH;
  private static final int[] WEYL_STEPS = weylSteps();

  private final WideProducts wide = new WideProducts();

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
    Strided weights = Strided.rows(w, in.rows());
    new VectorMatmul(weights, Strided.of(in), Strided.of(out), false)
        .run(out.rows(), in.rows(), samples);
  }

  @Override
  public void decode(float[] w, Block in, Block out, int samples) {
    Strided weights = Strided.rows(w, out.rows()).transposed();
    new VectorMatmul(weights, Strided.of(in), Strided.of(out), false)
        .run(out.rows(), in.rows(), samples);
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
    int loss = at + x.rows() * L;
    Arrays.fill(sums, loss, loss + L, 0f);
    for (int i = 0; i < x.rows(); i++) {
      residualRow(output, i, x.values(), z.values(), whole, sums, at, loss);
    }
    if (whole < samples) {
      BlockKernels.addResidual(output, x, z, whole, samples, sums, at, L);
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
    total.intoArray(sums, at + i * L);
    loss.intoArray(sums, lossAt);
  }

  @Override
  public int outerSize(int rows, int columns) {
    return WideProducts.pay(rows, columns) ? WideProducts.size(rows, columns) : rows * columns * L;
  }

  @Override
  public void outer(Block h, Block dh, Block x, Block g, int samples, float[] sums) {
    if (WideProducts.pay(h.rows(), x.rows())) {
      wide.of(dh, x, samples, sums, 0, false);
      wide.of(h, g, samples, sums, 0, true);
    } else {
      TiedLaneProducts.of(h, dh, x, g, padded(samples), sums);
    }
  }

  @Override
  public void outer(Block a, Block b, int samples, float[] sums, int at) {
    if (WideProducts.pay(a.rows(), b.rows())) {
      wide.of(a, b, samples, sums, at, false);
    } else {
      LaneProducts.of(a, b, padded(samples), sums, at);
    }
  }

  @Override
  public void gather(float[] sums, int at, int rows, int columns, float[] matrix) {
    if (WideProducts.pay(rows, columns)) {
      WideProducts.gather(sums, at, rows, columns, matrix);
    } else {
      BlockKernels.super.gather(sums, at, rows, columns, matrix);
    }
  }
}
