package dev.circuitscope.circuits.algebra;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The singular value decomposition M = U diag(s) V^T, without the part of it that is 0 for its
 * shape alone. Rows are multiplied from the left: x M reads x along the columns of U and writes
 * along those of V.
 *
 * @param u [rows, k], its columns orthonormal, float64; not to be modified
 * @param s k singular values, the largest first; copied in and out
 * @param v [columns, k], its columns orthonormal, float64; not to be modified
 */
public record Svd(INDArray u, double[] s, INDArray v) {

  /**
   * Checks that there are as many singular values as vectors.
   *
   * @param u [rows, k]
   * @param s k singular values, the largest first; copied
   * @param v [columns, k]
   * @throws IllegalArgumentException if the numbers of columns and values differ
   */
  public Svd {
    if (u.rank() != 2 || v.rank() != 2 || u.size(1) != s.length || v.size(1) != s.length) {
      throw new IllegalArgumentException(
          "a singular value decomposition has as many columns in u and v as values, was u %s, %d values, v %s"
              .formatted(Arrays.toString(u.shape()), s.length, Arrays.toString(v.shape())));
    }
    s = s.clone();
  }

  /**
   * The singular values.
   *
   * @return the largest first, a copy
   */
  @Override
  public double[] s() {
    return s.clone();
  }

  /**
   * The best approximation of M of a lower rank (Eckart and Young 1936).
   *
   * @param rank how many singular values to keep, from 1
   * @return (U diag(s)) V^T of the first ones
   * @throws IllegalArgumentException if there are not so many
   */
  public FactoredMatrix truncated(int rank) {
    if (rank < 1 || rank > s.length) {
      throw new IllegalArgumentException(
          "cannot keep %d of %d singular values".formatted(rank, s.length));
    }
    INDArray left = u.get(NDArrayIndex.all(), NDArrayIndex.interval(0, rank)).dup('c');
    INDArray right = v.get(NDArrayIndex.all(), NDArrayIndex.interval(0, rank)).dup('c');
    INDArray weights = Nd4j.createFromArray(Arrays.copyOf(s, rank));
    return new FactoredMatrix(left.mulRowVector(weights), right.transpose());
  }

  /**
   * M itself, as a product of its singular vectors.
   *
   * @return (U diag(s)) V^T
   */
  public FactoredMatrix matrix() {
    return truncated(s.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Svd o && Arrays.equals(s, o.s) && u.equals(o.u) && v.equals(o.v);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(s);
  }

  /** For example {@code Svd [512, 512], 3 singular values 4.100, 2.000, 0.300}. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "Svd [%d, %d], %d singular values".formatted(u.size(0), v.size(0), s.length));
    for (int i = 0; i < Math.min(8, s.length); i++) {
      text.append(i == 0 ? " " : ", ").append("%.3f".formatted(s[i]));
    }
    return text.append(s.length > 8 ? ", ..." : "").toString();
  }
}
