package dev.circuitscope.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sums over rows, block of rows after block, so that the order does not depend on the threads. The
 * sums of blocks are part of a tape's plan; the sum over blocks is a job for its end.
 */
final class RowSums {

  private final int size;
  private final List<float[]> partials = new ArrayList<>();

  /** So many sums. */
  RowSums(int size) {
    this.size = size;
  }

  /** Adds some rows' share to {@code sums}, from an index on. */
  interface Share {
    void add(int first, int n, float[] sums, int at);
  }

  /** Leaves what is to be done with the sums to {@code jobs}. */
  void deliver(Jobs jobs, Consumer<float[]> receiver) {
    jobs.add(() -> receiver.accept(total()));
  }

  /**
   * Plans the sums of all rows; sums of several calls add up.
   *
   * @param perPosition how many rows a position has
   * @param width of the rows, which are handed out in tiles that stay in the cache
   */
  void plan(Tape tape, int perPosition, int width, Share share) {
    int blocks = tape.rows().blocks();
    float[] partial = new float[tape.rows().batch() * blocks * size];
    partials.add(partial);
    tape.forEach(
        blocks,
        (example, block) -> {
          int at = (example * blocks + block) * size;
          tape.rows()
              .visit(
                  example,
                  block,
                  (first, n) ->
                      Rows.inTiles(
                          first * perPosition,
                          n * perPosition,
                          width,
                          (from, count) -> share.add(from, count, partial, at)));
        });
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
