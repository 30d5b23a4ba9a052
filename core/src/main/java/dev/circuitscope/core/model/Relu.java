package dev.circuitscope.core.model;

/** f(x) = max(0, x). */
final class Relu implements Nonlinearity {

  @Override
  public void apply(float[] x, float[] spare, int rows, int width) {
    for (int i = 0; i < rows * width; i++) {
      x[i] = Math.max(0, x[i]);
    }
  }

  /** dx = dy where x > 0, else 0. */
  @Override
  public void gradient(float[] x, float[] dy, float[] spare, int rows, int width) {
    for (int i = 0; i < rows * width; i++) {
      dy[i] = x[i] > 0 ? dy[i] : 0;
    }
  }
}
