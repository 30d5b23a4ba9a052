package dev.circuitscope.toymodels.kernels;

import java.util.Arrays;

/** Kernels in plain Java. Element-wise loops are left to the compiler; sums run in four strands. */
final class PlainBlockKernels implements BlockKernels {

  private static final int W = Block.WIDTH;
  private static final int LANES = 4;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int padded(int samples) {
    return (samples + LANES - 1) & -LANES;
  }

  @Override
  public void sparseUniform(long key, int first, float p, Block x, int row) {
    float[] out = x.values();
    int at = row * W;
    float slope = CounterRandom.UNIT / p;
    for (int s = 0; s < W; s++) {
      out[at + s] = Math.max(0f, 1f - (CounterRandom.bits(key, first + s) >>> 1) * slope);
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
    for (int r = 0; r < out.rows(); r++) {
      Arrays.fill(out.values(), r * W, r * W + width, 0f);
      for (int c = 0; c < in.rows(); c++) {
        float weight = w[r * rowStride + c * columnStride];
        addScaled(weight, in.values(), c * W, out.values(), r * W, width);
      }
    }
  }

  private static void addScaled(float a, float[] x, int xAt, float[] y, int yAt, int n) {
    for (int s = 0; s < n; s++) {
      y[yAt + s] += a * x[xAt + s];
    }
  }

  @Override
  public void relu(Block h, int samples) {
    int width = padded(samples);
    float[] hs = h.values();
    for (int k = 0; k < h.rows(); k++) {
      for (int s = k * W; s < k * W + width; s++) {
        hs[s] = Math.max(0f, hs[s]);
      }
    }
  }

  @Override
  public void reluGradient(Block h, Block dh, int samples) {
    int width = padded(samples);
    for (int k = 0; k < h.rows(); k++) {
      for (int s = k * W; s < k * W + width; s++) {
        if (h.values()[s] <= 0) {
          dh.values()[s] = 0f;
        }
      }
    }
  }

  @Override
  public void residual(Output output, Block x, Block z, int samples, float[] sums, int at) {
    Arrays.fill(sums, at, at + (x.rows() + 1) * LANES, 0f);
    BlockKernels.addResidual(output, x, z, 0, samples, sums, at, LANES);
    z.clear(samples, padded(samples));
  }

  @Override
  public void outer(Block h, Block dh, Block x, Block g, int samples, float[] sums) {
    int width = padded(samples);
    for (int k = 0; k < h.rows(); k++) {
      for (int i = 0; i < x.rows(); i++) {
        int q = (k * x.rows() + i) * LANES;
        Arrays.fill(sums, q, q + LANES, 0f);
        addProducts(dh.values(), k * W, x.values(), i * W, width, sums, q);
        addProducts(h.values(), k * W, g.values(), i * W, width, sums, q);
      }
    }
  }

  @Override
  public void outer(Block a, Block b, int samples, float[] sums, int at) {
    int width = padded(samples);
    for (int r = 0; r < a.rows(); r++) {
      for (int c = 0; c < b.rows(); c++) {
        int q = at + (r * b.rows() + c) * LANES;
        Arrays.fill(sums, q, q + LANES, 0f);
        addProducts(a.values(), r * W, b.values(), c * W, width, sums, q);
      }
    }
  }

  private static void addProducts(
      float[] a, int aAt, float[] b, int bAt, int n, float[] sums, int q) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    for (int s = 0; s < n; s += 4) {
      s0 += a[aAt + s] * b[bAt + s];
      s1 += a[aAt + s + 1] * b[bAt + s + 1];
      s2 += a[aAt + s + 2] * b[bAt + s + 2];
      s3 += a[aAt + s + 3] * b[bAt + s + 3];
    }
    sums[q] += s0;
    sums[q + 1] += s1;
    sums[q + 2] += s2;
    sums[q + 3] += s3;
  }
}
