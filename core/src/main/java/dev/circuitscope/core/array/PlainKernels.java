package dev.circuitscope.core.array;

/** Kernels in plain Java. Reductions run in four strands, so that additions overlap. */
final class PlainKernels implements Kernels {

  @Override
  public float dot(float[] a, int aFrom, float[] b, int bFrom, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += a[aFrom + i] * b[bFrom + i];
      s1 += a[aFrom + i + 1] * b[bFrom + i + 1];
      s2 += a[aFrom + i + 2] * b[bFrom + i + 2];
      s3 += a[aFrom + i + 3] * b[bFrom + i + 3];
    }
    for (; i < n; i++) {
      s0 += a[aFrom + i] * b[bFrom + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public float sum(float[] x, int from, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += x[from + i];
      s1 += x[from + i + 1];
      s2 += x[from + i + 2];
      s3 += x[from + i + 3];
    }
    for (; i < n; i++) {
      s0 += x[from + i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public float max(float[] x, int from, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[from + i]);
    }
    return max;
  }

  @Override
  public float expSum(float[] x, int from, int n, float shift) {
    for (int i = 0; i < n; i++) {
      x[from + i] = Exponential.of(x[from + i] - shift);
    }
    return sum(x, from, n);
  }

  @Override
  public void sigmoid(float[] x, int from, int n) {
    for (int i = from; i < from + n; i++) {
      x[i] = Exponential.sigmoid(x[i]);
    }
  }

  @Override
  public void gelu(float[] x, int from, int n) {
    for (int i = from; i < from + n; i++) {
      x[i] = NormalDistribution.gelu(x[i]);
    }
  }

  @Override
  public void geluGradient(float[] x, float[] dy, int from, int n) {
    for (int i = from; i < from + n; i++) {
      dy[i] *= NormalDistribution.geluSlope(x[i]);
    }
  }

  @Override
  public String description() {
    return "plain";
  }
}
