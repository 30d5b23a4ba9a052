package dev.circuitscope.circuits.algebra;

/** Sees the rows of a matrix that is never in memory as a whole. */
@FunctionalInterface
public interface RowVisitor {

  /**
   * Called once for each row, in any order and from several threads at once.
   *
   * @param row its number, from 0
   * @param entries all entries of the row; only valid, and free to be changed, during the call
   */
  void visit(int row, double[] entries);
}
