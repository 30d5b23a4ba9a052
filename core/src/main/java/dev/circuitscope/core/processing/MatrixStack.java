package dev.circuitscope.core.processing;

import java.util.Arrays;

/**
 * One matrix, or one for each head [head, rows, columns], in float64. A vector is a matrix of one
 * row. Nothing here changes the receiver.
 */
record MatrixStack(int rows, int columns, double[] values) {

  static MatrixStack of(long[] shape, double[] values) {
    int columns = (int) shape[shape.length - 1];
    int rows = shape.length == 1 ? 1 : (int) shape[shape.length - 2];
    return new MatrixStack(rows, columns, values);
  }

  int count() {
    return values.length / (rows * columns);
  }

  /** W_rc * s_r. */
  MatrixStack scaleRows(double[] s) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * s[i / columns % rows];
    }
    return new MatrixStack(rows, columns, scaled);
  }

  /** W_rc * s_c. */
  MatrixStack scaleColumns(double[] s) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = values[i] * s[i % columns];
    }
    return new MatrixStack(rows, columns, scaled);
  }

  /** x W for each matrix [count * columns]. */
  double[] leftTimes(double[] x) {
    double[] y = new double[count() * columns];
    for (int i = 0; i < values.length; i++) {
      y[i / (rows * columns) * columns + i % columns] += x[i / columns % rows] * values[i];
    }
    return y;
  }

  /** Each column less its mean: W_rc - mean_r W_rc. */
  MatrixStack centerColumns() {
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    double[] sums = leftTimes(ones);
    double[] centered = new double[values.length];
    for (int i = 0; i < centered.length; i++) {
      centered[i] = values[i] - sums[i / (rows * columns) * columns + i % columns] / rows;
    }
    return new MatrixStack(rows, columns, centered);
  }

  /** Each row less its mean: W_rc - mean_c W_rc. */
  MatrixStack centerRows() {
    double[] centered = new double[values.length];
    for (int from = 0; from < values.length; from += columns) {
      double sum = 0;
      for (int i = from; i < from + columns; i++) {
        sum += values[i];
      }
      for (int i = from; i < from + columns; i++) {
        centered[i] = values[i] - sum / columns;
      }
    }
    return new MatrixStack(rows, columns, centered);
  }

  /** W^T for each matrix. */
  MatrixStack transpose() {
    double[] transposed = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int matrix = i / (rows * columns) * rows * columns;
      transposed[matrix + i % columns * rows + i / columns % rows] = values[i];
    }
    return new MatrixStack(columns, rows, transposed);
  }
}
