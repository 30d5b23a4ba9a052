package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Kernels;

/** f(x) = x s with s = sigmoid(x). */
final class Silu implements Nonlinearity {

  private static final Kernels KERNELS = Kernels.best();

  @Override
  public void apply(float[] x, float[] spare, int rows, int width) {
    sigmoids(x, spare, rows * width);
    for (int i = 0; i < rows * width; i++) {
      x[i] *= spare[i];
    }
  }

  /** dx = s (1 + x (1 - s)) dy. */
  @Override
  public void gradient(float[] x, float[] dy, float[] spare, int rows, int width) {
    sigmoids(x, spare, rows * width);
    for (int i = 0; i < rows * width; i++) {
      dy[i] *= spare[i] * (1 + x[i] * (1 - spare[i]));
    }
  }

  private static void sigmoids(float[] x, float[] s, int n) {
    System.arraycopy(x, 0, s, 0, n);
    KERNELS.sigmoid(s, 0, n);
  }
}
