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

  private Lapack() {}

  /** R of M = Q R: [min(rows, columns), columns], so that ||M X|| = ||R X|| for every X. */
  static INDArray triangular(INDArray m) {
    int rows = (int) m.size(0);
    int columns = (int) m.size(1);
    int k = Math.min(rows, columns);
    double[] a = elements(m, "QR");
    Blas.singleThreaded();
    succeed(openblas.LAPACKE_dgeqrf(ROW_MAJOR, rows, columns, a, columns, new double[k]), "QR", m);
    double[] r = new double[k * columns];
    for (int i = 0; i < k; i++) {
      System.arraycopy(a, i * columns + i, r, i * columns + i, columns - i);
    }
    return Nd4j.createFromArray(r).reshape('c', k, columns);
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

  /** A copy on the heap, row after row. */
  private static double[] elements(INDArray m, String operation) {
    double[] a = m.castTo(DataType.DOUBLE).dup('c').data().asDouble();
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
