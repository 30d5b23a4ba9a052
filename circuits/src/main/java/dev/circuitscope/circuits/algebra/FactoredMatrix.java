package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.array.Blas;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A matrix M = A B of low rank, kept as its factors: what a head reads and writes is [d_model,
 * d_model] of rank d_head, and from tokens to tokens [d_vocab, d_vocab] of the same rank.
 *
 * <pre>{@code
 * FactoredMatrix ov = circuits.head(head).ov();            // W_V W_O; circuits = Circuits.of(model)
 * double[] s = ov.singularValues();                        // d_head of them, the largest first
 * INDArray dense = ov.product();                           // [d_model, d_model]
 *
 * FactoredMatrix skip = circuits.fullOv(head);             // [50257, 50257], 50 MB of factors
 * List<MatrixEntry> most = skip.top(20, TopOrder.LARGEST); // in seconds
 * List<MatrixEntry> next = skip.topOfRow(262, 10, TopOrder.LARGEST);
 * }</pre>
 *
 * <p>Everything is in float64. Nothing but {@link #product} makes the large matrix.
 *
 * @param a [rows, inner], float64; not to be modified
 * @param b [inner, columns], float64; not to be modified
 */
public record FactoredMatrix(INDArray a, INDArray b) {

  static {
    // a product's bits depend on BLAS's threads, which ND4J by itself sets to all cores
    Blas.singleThreaded();
  }

  /**
   * Takes the factors over as float64; those that are float64 already are not copied.
   *
   * @param a [rows, inner]
   * @param b [inner, columns]
   * @throws IllegalArgumentException if they are no matrices, empty or cannot be multiplied
   */
  public FactoredMatrix {
    boolean matrices = a.rank() == 2 && b.rank() == 2 && a.length() > 0 && b.length() > 0;
    if (!matrices || a.size(1) != b.size(0)) {
      throw new IllegalArgumentException(
          "a factored matrix is [rows, inner] times [inner, columns], none of them 0, was %s times %s"
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
   * The product with another one, (A B)(C D), of the smaller inner size.
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
   * The product with a matrix on the right, (A B) R as A (B R).
   *
   * @param right R, with as many rows as this has columns
   * @return [rows, right's columns]
   * @throws IllegalArgumentException if the shapes do not fit, with both
   */
  public FactoredMatrix times(INDArray right) {
    requireFit("times", columns(), (int) right.size(0), this);
    return new FactoredMatrix(a, b.mmul(right.castTo(DataType.DOUBLE)));
  }

  /**
   * The product with a matrix on the left, L (A B) as (L A) B.
   *
   * @param left L, with as many columns as this has rows
   * @return [left's rows, columns]
   * @throws IllegalArgumentException if the shapes do not fit, with both
   */
  public FactoredMatrix leftTimes(INDArray left) {
    requireFit("leftTimes", (int) left.size(1), rows(), this);
    return new FactoredMatrix(left.castTo(DataType.DOUBLE).mmul(a), b);
  }

  /**
   * The product with a number.
   *
   * @param factor any
   * @return (factor A) B
   */
  public FactoredMatrix times(double factor) {
    return new FactoredMatrix(a.mul(factor), b);
  }

  /**
   * The same map between two others, L (A B) R, as (L A)(B R).
   *
   * @param left L, with as many columns as this has rows
   * @param right R, with as many rows as this has columns
   * @return [left's rows, right's columns]
   * @throws IllegalArgumentException if the shapes do not fit
   */
  public FactoredMatrix between(INDArray left, INDArray right) {
    return leftTimes(left).times(right);
  }

  /**
   * One entry.
   *
   * @param row from 0
   * @param column from 0
   * @return the entry
   * @throws IndexOutOfBoundsException if the product has no such entry
   */
  public double entry(int row, int column) {
    requireIndex("row", row, rows());
    requireIndex("column", column, columns());
    double sum = 0;
    for (int i = 0; i < inner(); i++) {
      // M_rc = sum_i A_ri B_ic
      sum += a.getDouble(row, i) * b.getDouble(i, column);
    }
    return sum;
  }

  /**
   * One row.
   *
   * @param row from 0
   * @return its entries, as many as there are columns
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public double[] row(int row) {
    requireIndex("row", row, rows());
    return Doubles.toArray(a.getRow(row, true).dup('c').mmul(b));
  }

  /**
   * One column.
   *
   * @param column from 0
   * @return its entries, as many as there are rows
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public double[] column(int column) {
    return transpose().row(column);
  }

  /**
   * Some rows, as a factored matrix.
   *
   * @param rows their numbers from 0, at least one, in any order
   * @return [number of rows, columns]
   * @throws IllegalArgumentException if none is given
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public FactoredMatrix selectRows(int... rows) {
    if (rows.length == 0) {
      throw new IllegalArgumentException("selectRows: no row was chosen; name at least one");
    }
    INDArray some = Nd4j.create(DataType.DOUBLE, rows.length, inner());
    for (int i = 0; i < rows.length; i++) {
      requireIndex("row", rows[i], rows());
      some.putRow(i, a.getRow(rows[i]));
    }
    return new FactoredMatrix(some, b);
  }

  /**
   * Some columns, as a factored matrix.
   *
   * @param columns their numbers from 0, at least one, in any order
   * @return [rows, number of columns]
   * @throws IllegalArgumentException if none is given
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public FactoredMatrix selectColumns(int... columns) {
    return transpose().selectRows(columns).transpose();
  }

  /**
   * Shows every row once, block by block: for what has to see all entries of a large matrix.
   *
   * @param visitor sees the rows, in any order and from several threads
   */
  public void forEachRow(RowVisitor visitor) {
    new RowBlocks(this).forEach(block -> block.forEach(visitor));
  }

  /**
   * The entries that come first, found without holding the product.
   *
   * @param k how many, from 0; all if there are not so many
   * @param order which come first
   * @return the first one first; of equal ones that of the lower row, then of the lower column
   * @throws IllegalArgumentException if k is negative or a factor is not finite
   */
  public List<MatrixEntry> top(int k, TopOrder order) {
    requireCount(k);
    requireFinite(a.norm1Number().doubleValue());
    requireFinite(b.norm1Number().doubleValue());
    TopHeap all = new TopHeap(k, order, columns());
    new RowBlocks(this)
        .forEach(
            block -> {
              TopHeap some = all.part();
              block.forEach((row, entries) -> some.offer(row, 0, entries, columns()));
              all.offer(some);
            });
    return all.entries();
  }

  /**
   * The entries of a row that come first.
   *
   * @param row from 0
   * @param k how many, from 0; all if there are not so many
   * @param order which come first
   * @return the first one first; of equal ones that of the lower column
   * @throws IllegalArgumentException if k is negative or the row is not finite
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public List<MatrixEntry> topOfRow(int row, int k, TopOrder order) {
    requireCount(k);
    double[] entries = row(row);
    Arrays.stream(entries).forEach(this::requireFinite);
    TopHeap heap = new TopHeap(k, order, columns());
    heap.offer(row, 0, entries, columns());
    return heap.entries();
  }

  /**
   * The entries of a column that come first.
   *
   * @param column from 0
   * @param k how many, from 0; all if there are not so many
   * @param order which come first
   * @return the first one first; of equal ones that of the lower row
   * @throws IllegalArgumentException if k is negative or the column is not finite
   * @throws IndexOutOfBoundsException if there is no such column
   */
  public List<MatrixEntry> topOfColumn(int column, int k, TopOrder order) {
    return transpose().topOfRow(column, k, order).stream().map(MatrixEntry::transpose).toList();
  }

  /**
   * The Frobenius norm, by the factors' triangles. (B A has the same trace, but another norm.)
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
   * The singular value decomposition of the product: with A = Q_A R_A and B^T = Q_B R_B, and R_A
   * R_B^T = U s V^T, it is (Q_A U) s (Q_B V)^T.
   *
   * @return as many values as the smallest of rows, columns and inner, with their vectors
   */
  public Svd svd() {
    Lapack.Qr left = Lapack.qr(a);
    Lapack.Qr right = Lapack.qr(b.transpose());
    Svd core = Lapack.svd(left.r().mmul(right.r().transpose()));
    return new Svd(left.q().mmul(core.u()), core.s(), right.q().mmul(core.v()));
  }

  /**
   * The trace of the product, which must be square: tr(A B) = sum over r and i of A_ri B_ir.
   *
   * @return the sum of its diagonal, and of its eigenvalues
   * @throws IllegalArgumentException if the product is not square
   */
  public double trace() {
    requireSquare("a trace is");
    return a.mul(b.transpose()).sumNumber().doubleValue();
  }

  /**
   * The eigenvalues of the product, which must be square. A B and B A have the same but for zeros,
   * so they are computed from the smaller of the two.
   *
   * @return the largest in magnitude first; as many as the smaller of rows and inner, the others
   *     are 0
   * @throws IllegalArgumentException if the product is not square
   */
  public Eigenvalues eigenvalues() {
    requireSquare("eigenvalues are");
    return Lapack.eigenvalues(inner() < rows() ? b.mmul(a) : a.mmul(b));
  }

  /** R_A R_B^T with A = Q_A R_A and B^T = Q_B R_B: the same singular values, and small. */
  private INDArray core() {
    return Lapack.triangular(a).mmul(Lapack.triangular(b.transpose()).transpose());
  }

  private void requireSquare(String what) {
    if (rows() != columns()) {
      throw new IllegalArgumentException(
          "%s of square matrices, was [%d, %d]; use singularValues or norm"
              .formatted(what, rows(), columns()));
    }
  }

  private static void requireCount(int k) {
    if (k < 0) {
      throw new IllegalArgumentException("top entries: their number is at least 0, was " + k);
    }
  }

  private void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "top entries of a %s that holds %s; check the model's weights".formatted(this, value));
    }
  }

  private void requireIndex(String axis, int index, int size) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException("no %s %d in a %s".formatted(axis, index, this));
    }
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
