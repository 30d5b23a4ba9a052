package dev.circuitscope.core.array.vector;

import dev.circuitscope.core.array.Exponential;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.NormalDistribution;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on {@code jdk.incubator.vector}. Loaded by name, and only when that module is present.
 */
public final class VectorKernels implements Kernels {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = FLOATS.length();
  private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1f);

  /** For what is left of a loop: the same operations, and so the same bits. */
  private static final Kernels PLAIN = Kernels.plain();

  /** From half the lanes down to one: lane i takes lane i + 2^k. */
  private static final VectorShuffle<Float> BY_8 = downBy(8);

  private static final VectorShuffle<Float> BY_4 = downBy(4);
  private static final VectorShuffle<Float> BY_2 = downBy(2);
  private static final VectorShuffle<Float> BY_1 = downBy(1);

  /** The kernels of this machine's widest vectors. */
  public VectorKernels() {}

  @Override
  public float dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
    FloatVector even = FloatVector.zero(FLOATS);
    FloatVector odd = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
      even =
          FloatVector.fromArray(FLOATS, a, aFrom + i)
              .fma(FloatVector.fromArray(FLOATS, b, bFrom + i), even);
      odd =
          FloatVector.fromArray(FLOATS, a, aFrom + i + LANES)
              .fma(FloatVector.fromArray(FLOATS, b, bFrom + i + LANES), odd);
    }
    for (; i + LANES <= n; i += LANES) {
      even =
          FloatVector.fromArray(FLOATS, a, aFrom + i)
              .fma(FloatVector.fromArray(FLOATS, b, bFrom + i), even);
    }
    float sum = sum(even.add(odd));
    for (; i < n; i++) {
      sum += a[aFrom + i] * b[bFrom + i];
    }
    return sum;
  }

  @Override
  public float sum(float[] x, int from, int n) {
    FloatVector even = FloatVector.zero(FLOATS);
    FloatVector odd = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + 2 * LANES <= n; i += 2 * LANES) {
      even = even.add(FloatVector.fromArray(FLOATS, x, from + i));
      odd = odd.add(FloatVector.fromArray(FLOATS, x, from + i + LANES));
    }
    for (; i + LANES <= n; i += LANES) {
      even = even.add(FloatVector.fromArray(FLOATS, x, from + i));
    }
    float sum = sum(even.add(odd));
    for (; i < n; i++) {
      sum += x[from + i];
    }
    return sum;
  }

  @Override
  public float max(float[] x, int from, int n) {
    FloatVector most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      most = most.max(FloatVector.fromArray(FLOATS, x, from + i));
    }
    float max = most.reduceLanes(VectorOperators.MAX);
    for (; i < n; i++) {
      max = Math.max(max, x[from + i]);
    }
    return max;
  }

  @Override
  public float expSum(float[] x, int from, int n, float shift) {
    FloatVector total = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i + LANES <= n; i += LANES) {
      FloatVector e = exp(FloatVector.fromArray(FLOATS, x, from + i).sub(shift));
      e.intoArray(x, from + i);
      total = total.add(e);
    }
    float sum = sum(total);
    for (; i < n; i++) {
      float e = Exponential.of(x[from + i] - shift);
      x[from + i] = e;
      sum += e;
    }
    return sum;
  }

  @Override
  public void sigmoid(float[] x, int from, int n) {
    int i = from;
    for (; i + LANES <= from + n; i += LANES) {
      FloatVector minus = FloatVector.fromArray(FLOATS, x, i).neg().min(Exponential.HIGHEST);
      ONE.div(exp(minus).add(1f)).intoArray(x, i);
    }
    PLAIN.sigmoid(x, i, from + n - i);
  }

  @Override
  public void gelu(float[] x, int from, int n) {
    int i = from;
    for (; i + LANES <= from + n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      v.mul(cumulative(v, bell(v))).intoArray(x, i);
    }
    PLAIN.gelu(x, i, from + n - i);
  }

  @Override
  public void geluGradient(float[] x, float[] dy, int from, int n) {
    int i = from;
    for (; i + LANES <= from + n; i += LANES) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      FloatVector bell = bell(v);
      FloatVector slope = cumulative(v, bell).add(v.mul(bell.mul(NormalDistribution.PEAK)));
      FloatVector.fromArray(FLOATS, dy, i).mul(slope).intoArray(dy, i);
    }
    PLAIN.geluGradient(x, dy, i, from + n - i);
  }

  /** exp(-x^2 / 2). */
  private static FloatVector bell(FloatVector x) {
    return exp(x.mul(-0.5f).mul(x));
  }

  /** Phi(x); see {@link NormalDistribution}, whose operations these are, in its order. */
  private static FloatVector cumulative(FloatVector x, FloatVector bell) {
    FloatVector t = ONE.div(x.abs().mul(NormalDistribution.P).add(1f));
    FloatVector p = t.mul(NormalDistribution.A7).add(NormalDistribution.A6);
    p = p.mul(t).add(NormalDistribution.A5);
    p = p.mul(t).add(NormalDistribution.A4);
    p = p.mul(t).add(NormalDistribution.A3);
    p = p.mul(t).add(NormalDistribution.A2);
    p = p.mul(t).add(NormalDistribution.A1);
    p = p.mul(t).add(NormalDistribution.A0);
    FloatVector lower = bell.mul(t.mul(p));
    return ONE.sub(lower).blend(lower, x.lt(0f));
  }

  private static VectorShuffle<Float> downBy(int lanes) {
    return VectorShuffle.fromOp(FLOATS, i -> (i + lanes) % LANES);
  }

  /** The sum of all lanes in an order of our own: reduceLanes leaves it open, and so the bits. */
  private static float sum(FloatVector x) {
    FloatVector v = x;
    if (LANES > 16) {
      float sum = 0;
      for (int i = 0; i < LANES; i++) {
        sum += v.lane(i);
      }
      return sum;
    }
    if (LANES > 8) {
      v = v.add(v.rearrange(BY_8));
    }
    if (LANES > 4) {
      v = v.add(v.rearrange(BY_4));
    }
    if (LANES > 2) {
      v = v.add(v.rearrange(BY_2));
    }
    if (LANES > 1) {
      v = v.add(v.rearrange(BY_1));
    }
    return v.lane(0);
  }

  private static FloatVector exp(FloatVector x) {
    VectorMask<Float> vanishes = x.lt(Exponential.LOWEST);
    FloatVector shifted = x.mul(Exponential.LOG2_E).add(Exponential.ROUND);
    FloatVector k = shifted.sub(Exponential.ROUND);
    FloatVector r = x.sub(k.mul(Exponential.LN2_HIGH)).sub(k.mul(Exponential.LN2_LOW));
    FloatVector p = r.mul(Exponential.C7).add(Exponential.C6);
    p = p.mul(r).add(Exponential.C5);
    p = p.mul(r).add(Exponential.C4);
    p = p.mul(r).add(Exponential.C3);
    p = p.mul(r).add(Exponential.C2);
    p = p.mul(r).add(1f);
    p = p.mul(r).add(1f);
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.reinterpretAsInts().add(power).reinterpretAsFloats().blend(0f, vanishes);
  }

  @Override
  public String description() {
    return "vector, " + LANES + " floats";
  }
}
