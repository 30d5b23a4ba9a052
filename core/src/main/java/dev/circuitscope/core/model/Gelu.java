package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Kernels;

/** f(x) = x Phi(x) (Gaussian Error Linear Units, section 2). */
final class Gelu implements Nonlinearity {

  private static final Kernels KERNELS = Kernels.best();

  @Override
  public void apply(float[] x, float[] spare, int rows, int width) {
    KERNELS.gelu(x, 0, rows * width);
  }

  /** dx = (Phi(x) + x phi(x)) dy. */
  @Override
  public void gradient(float[] x, float[] dy, float[] spare, int rows, int width) {
    KERNELS.geluGradient(x, dy, 0, rows * width);
  }
}
