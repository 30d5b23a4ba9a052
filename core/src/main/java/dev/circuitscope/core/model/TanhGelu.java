package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Kernels;

/**
 * GPT-2's gelu, f(x) = x / 2 (1 + tanh u) with u = sqrt(2 / pi) (x + 0.044715 x^3) (Gaussian Error
 * Linear Units, section 2). Because (1 + tanh u) / 2 = sigmoid(2 u), it is f(x) = x s with s =
 * sigmoid(2 u).
 */
final class TanhGelu implements Nonlinearity {

  private static final Kernels KERNELS = Kernels.best();

  /** 2 sqrt(2 / pi), the coefficient of x in 2 u. */
  private static final float LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));

  private static final float CUBIC = 0.044715f * LINEAR;

  @Override
  public void apply(float[] x, float[] spare, int rows, int width) {
    sigmoids(x, spare, rows * width);
    for (int i = 0; i < rows * width; i++) {
      x[i] *= spare[i];
    }
  }

  /** dx = (s + x s (1 - s) 2 u'(x)) dy with 2 u'(x) = LINEAR + 3 CUBIC x^2. */
  @Override
  public void gradient(float[] x, float[] dy, float[] spare, int rows, int width) {
    sigmoids(x, spare, rows * width);
    for (int i = 0; i < rows * width; i++) {
      float s = spare[i];
      float xx = x[i] * x[i];
      dy[i] *= s + x[i] * s * (1 - s) * (LINEAR + 3 * CUBIC * xx);
    }
  }

  private static void sigmoids(float[] x, float[] s, int n) {
    for (int i = 0; i < n; i++) {
      s[i] = x[i] * (LINEAR + CUBIC * (x[i] * x[i]));
    }
    KERNELS.sigmoid(s, 0, n);
  }
}
