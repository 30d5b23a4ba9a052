package dev.circuitscope.circuits.algebra;

/**
 * An entry of a matrix and where it stands. Prints as {@code [3, 17] 0.250}.
 *
 * @param row from 0
 * @param column from 0
 * @param value the entry
 */
public record MatrixEntry(int row, int column, double value) {

  MatrixEntry transpose() {
    return new MatrixEntry(column, row, value);
  }

  @Override
  public String toString() {
    return "[%d, %d] %.3f".formatted(row, column, value);
  }
}
