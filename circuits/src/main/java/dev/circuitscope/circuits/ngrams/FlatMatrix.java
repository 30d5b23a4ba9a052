package dev.circuitscope.circuits.ngrams;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A vector of float64 for each token, one after the other: tokens beside d_head, tall and narrow.
 */
record FlatMatrix(double[] values, int rows, int width) {

  static FlatMatrix of(INDArray m) {
    INDArray wide = m.castTo(DataType.DOUBLE).dup('c');
    return new FlatMatrix(wide.data().asDouble(), (int) m.size(0), (int) m.size(1));
  }

  /** The rows less their mean; a new matrix. */
  FlatMatrix centered() {
    double[] mean = new double[width];
    for (int i = 0; i < values.length; i++) {
      mean[i % width] += values[i];
    }
    double[] centered = values.clone();
    for (int i = 0; i < centered.length; i++) {
      centered[i] -= mean[i % width] / rows;
    }
    return new FlatMatrix(centered, rows, width);
  }

  /** The rows of some tokens. */
  FlatMatrix select(int[] tokens) {
    double[] selected = new double[tokens.length * width];
    for (int i = 0; i < tokens.length; i++) {
      System.arraycopy(values, tokens[i] * width, selected, i * width, width);
    }
    return new FlatMatrix(selected, tokens.length, width);
  }

  /** The dot product of a row with one of another matrix. */
  double dot(int row, FlatMatrix other, int otherRow) {
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += values[row * width + i] * other.values[otherRow * width + i];
    }
    return sum;
  }

  /** The dot products of a row of another matrix with all of these. */
  double[] dots(FlatMatrix other, int otherRow) {
    double[] dots = new double[rows];
    for (int row = 0; row < rows; row++) {
      dots[row] = dot(row, other, otherRow);
    }
    return dots;
  }

  double norm(int row) {
    return Math.sqrt(dot(row, this, row));
  }

  INDArray toArray() {
    return Nd4j.createFromArray(values).reshape('c', rows, width);
  }
}
