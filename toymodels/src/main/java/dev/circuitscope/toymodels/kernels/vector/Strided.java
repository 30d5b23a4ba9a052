package dev.circuitscope.toymodels.kernels.vector;

import dev.circuitscope.toymodels.kernels.Block;

/**
 * A matrix somewhere in an array: element (r, c) is at {@code at + r * row + c * column}.
 *
 * @param values holds it
 * @param at where element (0, 0) is
 * @param row from one row to the next
 * @param column from one column to the next
 */
record Strided(float[] values, int at, int row, int column) {

  /** All of a matrix stored row after row. */
  static Strided rows(float[] values, int columns) {
    return new Strided(values, 0, columns, 1);
  }

  static Strided of(Block block) {
    return rows(block.values(), Block.WIDTH);
  }

  Strided transposed() {
    return new Strided(values, at, column, row);
  }
}
