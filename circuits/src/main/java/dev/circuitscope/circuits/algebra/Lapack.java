package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import java.util.Arrays;
import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Decompositions of small float64 matrices. Nothing here changes its arguments. */
final class Lapack {

  private static final int ROW_MAJOR = 101;
  private static final byte VALUES_ONLY = 'N';
  private static final byte THIN = 'S';

  private Lapack() {}

  /** M = Q R with Q [rows, min(rows, columns)] of orthonormal columns. */
  record Qr(INDArray q, INDArray r) {}

  /** R of M = Q R: [min(rows, columns), columns], so that ||M X|| = ||R X|| for every X. */
  static INDArray triangular(INDArray m) {
    return triangle(reflected(m, new double[rank(m)]), m);
  }

  /** Both factors of M = Q R. */
  static Qr qr(INDArray m) {
    int rows = (int) m.size(0);
    int columns = (int) m.size(1);
    int k = rank(m);
    double[] tau = new double[k];
    double[] a = reflected(m, tau);
    INDArray r = triangle(a, m);
    succeed(openblas.LAPACKE_dorgqr(ROW_MAJOR, rows, k, k, a, columns, tau), "QR", m);
    double[] q = a;
    if (k < columns) {
      q = new double[rows * k];
      for (int i = 0; i < rows; i++) {
        System.arraycopy(a, i * columns, q, i * k, k);
      }
    }
    return new Qr(Nd4j.createFromArray(q).reshape('c', rows, k), r);
  }

  /** The singular value decomposition of a matrix. */
  static Svd svd(INDArray m) {
    int rows = (int) m.size(0);
    int columns = (int) m.size(1);
    int k = rank(m);
    double[] s = new double[k];
    double[] u = new double[rows * k];
    double[] vT = new double[k * columns];
    double[] a = elements(m, "SVD");
    Blas.singleThreaded();
    succeed(
        openblas.LAPACKE_dgesdd(ROW_MAJOR, THIN, rows, columns, a, columns, s, u, k, vT, columns),
        "SVD",
        m);
    return new Svd(
        Nd4j.createFromArray(u).reshape('c', rows, k),
        s,
        Nd4j.createFromArray(vT).reshape('c', k, columns).transpose().dup('c'));
  }

  /** The singular values of a matrix, the largest first. */
  static double[] singularValues(INDArray m) {
    int rows = (int) m.size(0);
    int columns = (int) m.size(1);
    double[] s = new double[Math.min(rows, columns)];
    double[] a = elements(m, "SVD");
    double[] none = new double[1];
    Blas.singleThreaded();
    succeed(
        openblas.LAPACKE_dgesdd(
            ROW_MAJOR, VALUES_ONLY, rows, columns, a, columns, s, none, rows, none, columns),
        "SVD",
        m);
    return s;
  }

  /** The eigenvalues of a square matrix. */
  static Eigenvalues eigenvalues(INDArray m) {
    int n = (int) m.size(0);
    double[] real = new double[n];
    double[] imaginary = new double[n];
    double[] none = new double[1];
    double[] a = elements(m, "eigenvalues");
    Blas.singleThreaded();
    succeed(
        openblas.LAPACKE_dgeev(
            ROW_MAJOR, VALUES_ONLY, VALUES_ONLY, n, a, n, real, imaginary, none, 1, none, 1),
        "eigenvalues",
        m);
    return Eigenvalues.sorted(real, imaginary);
  }

  private static int rank(INDArray m) {
    return (int) Math.min(m.size(0), m.size(1));
  }

  /** LAPACK's form of M = Q R: R in the upper triangle, the reflections that make Q below. */
  private static double[] reflected(INDArray m, double[] tau) {
    int columns = (int) m.size(1);
    double[] a = elements(m, "QR");
    Blas.singleThreaded();
    succeed(openblas.LAPACKE_dgeqrf(ROW_MAJOR, (int) m.size(0), columns, a, columns, tau), "QR", m);
    return a;
  }

  private static INDArray triangle(double[] reflected, INDArray m) {
    int columns = (int) m.size(1);
    int k = rank(m);
    double[] r = new double[k * columns];
    for (int i = 0; i < k; i++) {
      System.arraycopy(reflected, i * columns + i, r, i * columns + i, columns - i);
    }
    return Nd4j.createFromArray(r).reshape('c', k, columns);
  }

  /** A copy on the heap, row after row. */
  private static double[] elements(INDArray m, String operation) {
    double[] a = Doubles.toArray(m.castTo(DataType.DOUBLE));
    for (double x : a) {
      if (!Double.isFinite(x)) {
        throw new IllegalArgumentException(
            "%s of a %s matrix that holds %s; check the model's weights"
                .formatted(operation, Arrays.toString(m.shape()), x));
      }
    }
    return a;
  }

  private static void succeed(int info, String operation, INDArray m) {
    if (info != 0) {
      throw new ArithmeticException(
          "%s of a %s matrix did not converge (LAPACK info %d)"
              .formatted(operation, Arrays.toString(m.shape()), info));
    }
  }
}
