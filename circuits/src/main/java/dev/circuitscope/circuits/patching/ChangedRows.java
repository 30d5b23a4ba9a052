package dev.circuitscope.circuits.patching;

import java.util.Arrays;

/**
 * Positions at which patches change the residual stream: the row of the batch (copy, example and
 * position together), and what the stream is there.
 */
final class ChangedRows {

  private final int width;
  private int[] rows = new int[64];
  private float[] values;
  private int count;

  ChangedRows(int width) {
    this.width = width;
    this.values = new float[64 * width];
  }

  void add(int row, float[] from, int at) {
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
      values = Arrays.copyOf(values, 2 * count * width);
    }
    rows[count] = row;
    System.arraycopy(from, at, values, count * width, width);
    count++;
  }

  int count() {
    return count;
  }

  int row(int i) {
    return rows[i];
  }

  /** [count, width], and more behind it. */
  float[] values() {
    return values;
  }
}
