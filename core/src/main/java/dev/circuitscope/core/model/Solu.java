package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Kernels;

/** f(x) = x p with p = softmax(x) over the neurons of a row (Softmax Linear Units, section 3). */
final class Solu implements Nonlinearity {

  private static final Kernels KERNELS = Kernels.best();

  @Override
  public void apply(float[] x, float[] spare, int rows, int width) {
    softmax(x, spare, rows, width);
    for (int i = 0; i < rows * width; i++) {
      x[i] *= spare[i];
    }
  }

  /** dx_i = p_i (dy_i (1 + x_i) - sum_j p_j x_j dy_j). */
  @Override
  public void gradient(float[] x, float[] dy, float[] spare, int rows, int width) {
    softmax(x, spare, rows, width);
    for (int row = 0; row < rows * width; row += width) {
      for (int i = row; i < row + width; i++) {
        x[i] = x[i] * dy[i];
      }
      float sum = KERNELS.dot(spare, row, x, row, width);
      for (int i = row; i < row + width; i++) {
        dy[i] = spare[i] * (dy[i] + x[i] - sum);
      }
    }
  }

  private static void softmax(float[] x, float[] p, int rows, int width) {
    System.arraycopy(x, 0, p, 0, rows * width);
    for (int row = 0; row < rows * width; row += width) {
      float inverse = 1 / KERNELS.expSum(p, row, width, KERNELS.max(p, row, width));
      for (int i = row; i < row + width; i++) {
        p[i] *= inverse;
      }
    }
  }
}
