package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.array.Blas;
import java.util.Arrays;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A float64 matrix on the heap, row-major. Expansions are thousands of small products and sums: an
 * INDArray's would each wait longer for native threads than they compute.
 *
 * @param values row after row
 * @param rows how many
 * @param columns how many
 */
record DoubleMatrix(double[] values, int rows, int columns) {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANS = 111;
  private static final int TRANS = 112;

  static DoubleMatrix zeros(int rows, int columns) {
    return new DoubleMatrix(new double[rows * columns], rows, columns);
  }

  /** A copy of an array of any type and order. */
  static DoubleMatrix of(INDArray x) {
    double[] values = x.dup('c').data().asDouble();
    return new DoubleMatrix(values, (int) x.size(0), (int) x.size(1));
  }

  static DoubleMatrix identity(int n) {
    DoubleMatrix identity = zeros(n, n);
    for (int i = 0; i < n; i++) {
      identity.values[i * n + i] = 1;
    }
    return identity;
  }

  INDArray toArray() {
    return Nd4j.createFromArray(values).reshape('c', rows, columns);
  }

  DoubleMatrix copy() {
    return new DoubleMatrix(values.clone(), rows, columns);
  }

  /** A B. */
  DoubleMatrix times(DoubleMatrix b) {
    return product(this, false, b, false);
  }

  /** A B^T. */
  DoubleMatrix timesTransposed(DoubleMatrix b) {
    return product(this, false, b, true);
  }

  /** A^T B. */
  DoubleMatrix transposedTimes(DoubleMatrix b) {
    return product(this, true, b, false);
  }

  private static DoubleMatrix product(
      DoubleMatrix a, boolean transposeA, DoubleMatrix b, boolean transposeB) {
    int rows = transposeA ? a.columns : a.rows;
    int inner = transposeA ? a.rows : a.columns;
    int columns = transposeB ? b.rows : b.columns;
    DoubleMatrix c = zeros(rows, columns);
    Blas.singleThreaded();
    openblas_nolapack.cblas_dgemm(
        ROW_MAJOR,
        transposeA ? TRANS : NO_TRANS,
        transposeB ? TRANS : NO_TRANS,
        rows,
        columns,
        inner,
        1,
        a.values,
        a.columns,
        b.values,
        b.columns,
        0,
        c.values,
        columns);
    return c;
  }

  /** Adds to this matrix, and returns it. */
  DoubleMatrix addInPlace(DoubleMatrix b) {
    for (int i = 0; i < values.length; i++) {
      values[i] += b.values[i];
    }
    return this;
  }

  /** Adds the same row to every row of this matrix, and returns it. */
  DoubleMatrix addRowInPlace(double[] row) {
    for (int i = 0; i < values.length; i++) {
      values[i] += row[i % columns];
    }
    return this;
  }

  /** A + B, new. */
  DoubleMatrix plus(DoubleMatrix b) {
    return copy().addInPlace(b);
  }

  /** A - B, new. */
  DoubleMatrix minus(DoubleMatrix b) {
    return times(-1, b).addInPlace(this);
  }

  private static DoubleMatrix times(double factor, DoubleMatrix b) {
    double[] scaled = new double[b.values.length];
    Arrays.setAll(scaled, i -> factor * b.values[i]);
    return new DoubleMatrix(scaled, b.rows, b.columns);
  }

  /** factor A, new. */
  DoubleMatrix times(double factor) {
    return times(factor, this);
  }

  /** diag(s) A, new. */
  DoubleMatrix scaleRows(double[] s) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= s[i / columns];
    }
    return new DoubleMatrix(scaled, rows, columns);
  }

  /** A diag(s), new. */
  DoubleMatrix scaleColumns(double[] s) {
    double[] scaled = values.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= s[i % columns];
    }
    return new DoubleMatrix(scaled, rows, columns);
  }

  /** [A, x], with the same number x in every row, new. */
  DoubleMatrix withColumn(double x) {
    DoubleMatrix wider = zeros(rows, columns + 1);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * columns, wider.values, i * (columns + 1), columns);
      wider.values[i * (columns + 1) + columns] = x;
    }
    return wider;
  }

  /** All columns but the last, new. */
  DoubleMatrix withoutLastColumn() {
    DoubleMatrix narrower = zeros(rows, columns - 1);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(values, i * columns, narrower.values, i * (columns - 1), columns - 1);
    }
    return narrower;
  }

  /** The sum of every row. */
  double[] rowSums() {
    double[] sums = new double[rows];
    for (int i = 0; i < values.length; i++) {
      sums[i / columns] += values[i];
    }
    return sums;
  }

  /** The sum of all products of entries. */
  double dot(DoubleMatrix b) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += values[i] * b.values[i];
    }
    return sum;
  }

  /** The Frobenius norm. */
  double norm() {
    return Math.sqrt(dot(this));
  }
}
