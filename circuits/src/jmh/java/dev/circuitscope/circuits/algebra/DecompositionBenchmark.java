package dev.circuitscope.circuits.algebra;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Singular values with their vectors, and eigenvalues, of square matrices of normal entries:
 * LAPACK's, that OpenBLAS brings, and Commons Math's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 1)
@Fork(1)
public class DecompositionBenchmark {

  /** Rows and columns; at 2048 Commons Math takes minutes. */
  @Param({"64", "512"})
  public int size;

  private INDArray array;
  private RealMatrix matrix;

  /** Draws the matrix. */
  @Setup
  public void draw() {
    array = new GaussianMatrices(new SplittableRandom(5L)).matrix(size, size);
    matrix = MatrixUtils.createRealMatrix(array.toDoubleMatrix());
    // the first use of ND4J and LAPACK loads them
    Lapack.svd(Nd4j.eye(2));
  }

  /**
   * LAPACK's dgesdd.
   *
   * @return values and vectors
   */
  @Benchmark
  public Object svdLapack() {
    return Lapack.svd(array);
  }

  /**
   * Commons Math's SVD.
   *
   * @return values and vectors
   */
  @Benchmark
  public Object svdCommons() {
    return new SingularValueDecomposition(matrix).getU();
  }

  /**
   * LAPACK's dgeev without vectors.
   *
   * @return the eigenvalues
   */
  @Benchmark
  public Object eigenvaluesLapack() {
    return Lapack.eigenvalues(array);
  }

  /**
   * Commons Math's eigenvalues, which come with vectors.
   *
   * @return the eigenvalues
   */
  @Benchmark
  public Object eigenvaluesCommons() {
    return new EigenDecomposition(matrix).getRealEigenvalues();
  }
}
