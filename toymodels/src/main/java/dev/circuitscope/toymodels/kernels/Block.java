package dev.circuitscope.toymodels.kernels;

import java.util.Arrays;

/**
 * A tile of samples: one row per feature or hidden unit, one column per sample. Samples lie along
 * the inner loop because there are many of them, while a toy model may have two hidden units.
 *
 * @param rows the number of rows
 * @param values row after row, each {@link #WIDTH} long
 */
public record Block(int rows, float[] values) {

  /** Samples per block: few enough for a block to stay in the first-level cache. */
  public static final int WIDTH = 128;

  /**
   * A block of zeros.
   *
   * @param rows the number of rows
   * @return a new block
   */
  public static Block of(int rows) {
    return new Block(rows, new float[rows * WIDTH]);
  }

  /**
   * Sets columns {@code from} to {@code to - 1} of every row to 0.
   *
   * @param from first column
   * @param to the column behind the last
   */
  public void clear(int from, int to) {
    if (from < to) {
      for (int row = 0; row < rows; row++) {
        Arrays.fill(values, row * WIDTH + from, row * WIDTH + to, 0f);
      }
    }
  }
}
