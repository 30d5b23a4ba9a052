package dev.circuitscope.circuits.algebra;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A matrix M = A B of low rank, kept as its factors: what a head reads and writes is [d_model,
 * d_model] of rank d_head, and from tokens to tokens [d_vocab, d_vocab] of the same rank.
 *
 * <pre>{@code
 * FactoredMatrix ov = HeadCircuit.of(model, 0, 3).ov();    // W_V W_O
 * double[] s = ov.singularValues();                        // d_head of them, the largest first
 * Eigenvalues full = ov.between(w_E, w_U).eigenvalues();   // of [d_vocab, d_vocab], in a moment
 * INDArray dense = ov.product();                           // [d_model, d_model]
 * }</pre>
 *
 * <p>Everything is in float64. Nothing but {@link #product} makes the large matrix.
 *
 * @param a [rows, inner], float64; not to be modified
 * @param b [inner, columns], float64; not to be modified
 */
public record FactoredMatrix(INDArray a, INDArray b) {

  /**
   * Takes the factors over as float64; those that are float64 already are not copied.
   *
   * @param a [rows, inner]
   * @param b [inner, columns]
   * @throws IllegalArgumentException if they are not matrices or cannot be multiplied, with both
   *     shapes
   */
  public FactoredMatrix {
    if (a.rank() != 2 || b.rank() != 2 || a.size(1) != b.size(0)) {
      throw new IllegalArgumentException(
          "a factored matrix is [rows, inner] times [inner, columns], was %s times %s"
              .formatted(Arrays.toString(a.shape()), Arrays.toString(b.shape())));
    }
    a = a.castTo(DataType.DOUBLE);
    b = b.castTo(DataType.DOUBLE);
  }

  /**
   * The height of the product.
   *
   * @return at least 1
   */
  public int rows() {
    return (int) a.size(0);
  }

  /**
   * The width of the product.
   *
   * @return at least 1
   */
  public int columns() {
    return (int) b.size(1);
  }

  /**
   * What the factors share; the rank is at most this.
   *
   * @return at least 1
   */
  public int inner() {
    return (int) a.size(1);
  }

  /**
   * The product itself.
   *
   * @return A B, [rows, columns]; a new array at each call
   */
  public INDArray product() {
    return a.mmul(b);
  }

  /**
   * The transpose, B^T A^T.
   *
   * @return [columns, rows], over views of the same factors
   */
  public FactoredMatrix transpose() {
    return new FactoredMatrix(b.transpose(), a.transpose());
  }

  /**
   * The product with another one, (A B)(C D), as a factored matrix of the smaller inner size.
   *
   * @param next C D, with as many rows as this has columns
   * @return [rows, next.columns]
   * @throws IllegalArgumentException if the shapes do not fit, with both
   */
  public FactoredMatrix times(FactoredMatrix next) {
    requireFit("times", columns(), next.rows(), next);
    INDArray core = b.mmul(next.a);
    return inner() <= next.inner()
        ? new FactoredMatrix(a, core.mmul(next.b))
        : new FactoredMatrix(a.mmul(core), next.b);
  }

  /**
   * The same map between two others, L (A B) R, as (L A)(B R): from tokens to logits, say.
   *
   * @param left L, with as many columns as this has rows
   * @param right R, with as many rows as this has columns
   * @return [left's rows, right's columns]
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public FactoredMatrix between(INDArray left, INDArray right) {
    requireFit("between: left", (int) left.size(1), rows(), this);
    requireFit("between: right", columns(), (int) right.size(0), this);
    return new FactoredMatrix(
        left.castTo(DataType.DOUBLE).mmul(a), b.mmul(right.castTo(DataType.DOUBLE)));
  }

  /**
   * The Frobenius norm.
   *
   * @return the square root of the sum of all squared entries of the product
   */
  public double norm() {
    return core().norm2Number().doubleValue();
  }

  /**
   * The singular values of the product.
   *
   * @return the largest first; as many as the smallest of rows, columns and inner, the others are 0
   */
  public double[] singularValues() {
    return Lapack.singularValues(core());
  }

  /**
   * The eigenvalues of the product, which must be square. A B and B A have the same eigenvalues but
   * for zeros, so they are computed from the smaller of the two.
   *
   * @return the largest in magnitude first; as many as the smaller of rows and inner, the others
   *     are 0
   * @throws IllegalArgumentException if the product is not square
   */
  public Eigenvalues eigenvalues() {
    if (rows() != columns()) {
      throw new IllegalArgumentException(
          "eigenvalues are of square matrices, was [%d, %d]; use singularValues"
              .formatted(rows(), columns()));
    }
    return Lapack.eigenvalues(inner() < rows() ? b.mmul(a) : a.mmul(b));
  }

  /** R_A R_B^T with A = Q_A R_A and B^T = Q_B R_B: the same singular values, and small. */
  private INDArray core() {
    return Lapack.triangular(a).mmul(Lapack.triangular(b.transpose()).transpose());
  }

  private static void requireFit(String operation, int columns, int rows, FactoredMatrix with) {
    if (columns != rows) {
      throw new IllegalArgumentException(
          "%s: a matrix of %d columns cannot be multiplied by one of %d rows (%s)"
              .formatted(operation, columns, rows, with));
    }
  }

  /** For example {@code FactoredMatrix [512, 512] of rank at most 64}. */
  @Override
  public String toString() {
    return "FactoredMatrix [%d, %d] of rank at most %d".formatted(rows(), columns(), inner());
  }
}
