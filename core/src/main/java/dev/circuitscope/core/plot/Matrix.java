package dev.circuitscope.core.plot;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks and copies the numbers that figures are given. */
final class Matrix {

  private Matrix() {}

  /** A rectangular copy with at least one row and one column. */
  static double[][] copy(String operation, double[][] values) {
    if (values.length == 0 || values[0].length == 0) {
      throw new IllegalArgumentException(
          operation + ": the matrix is empty; give at least one row and one column");
    }
    double[][] copy = new double[values.length][];
    for (int r = 0; r < values.length; r++) {
      if (values[r].length != values[0].length) {
        throw new IllegalArgumentException(
            "%s: row %d has %d values but row 0 has %d; make all rows equally long"
                .formatted(operation, r, values[r].length, values[0].length));
      }
      copy[r] = values[r].clone();
    }
    return copy;
  }

  /** A copy of a matrix held as an array of rank 2. */
  static double[][] copy(String operation, INDArray values) {
    if (values.rank() != 2 || values.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: shape %s is not a matrix; give an array of rank 2"
              .formatted(operation, Arrays.toString(values.shape())));
    }
    double[][] copy = new double[(int) values.size(0)][(int) values.size(1)];
    for (int r = 0; r < copy.length; r++) {
      for (int c = 0; c < copy[r].length; c++) {
        copy[r][c] = values.getDouble(r, c);
      }
    }
    return copy;
  }

  /** A copy of a vector of the given length. */
  static double[] copy(String operation, String what, double[] values, int length) {
    if (values.length != length) {
      throw new IllegalArgumentException(
          "%s: %d values of %s for %d features; give one each"
              .formatted(operation, values.length, what, length));
    }
    return values.clone();
  }

  static boolean anyNotFinite(double[][] values) {
    for (double[] row : values) {
      for (double v : row) {
        if (!Double.isFinite(v)) {
          return true;
        }
      }
    }
    return false;
  }
}
