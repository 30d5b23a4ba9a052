package dev.circuitscope.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sums over rows, block of rows after block, so that their order does not depend on the threads.
 * Steps over rows add what their block gives; the sum over blocks is a job for the end.
 */
final class RowSums {

  private final Rows rows;
  private final int size;
  private final List<float[]> partials = new ArrayList<>();

  /** So many sums. */
  RowSums(Rows rows, int size) {
    this.rows = rows;
    this.size = size;
  }

  /** Leaves what is to be done with the sums to {@code jobs}. */
  void deliver(Jobs jobs, Consumer<float[]> receiver) {
    jobs.add(() -> receiver.accept(total()));
  }

  /** Where one step adds the sums of each block; those of several steps add up. */
  float[] partial() {
    float[] partial = new float[rows.batch() * rows.blocks() * size];
    partials.add(partial);
    return partial;
  }

  /** Where a partial has the sums of the block that starts with a row. */
  int at(int first) {
    return rows.block(first) * size;
  }

  private float[] total() {
    float[] sums = new float[size];
    for (float[] partial : partials) {
      for (int i = 0; i < partial.length; i++) {
        sums[i % size] += partial[i];
      }
    }
    return sums;
  }
}
