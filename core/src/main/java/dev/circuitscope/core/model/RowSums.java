package dev.circuitscope.core.model;

import dev.circuitscope.core.array.Parallel;

/** Sums over rows, block of rows after block, so that the order does not depend on the threads. */
final class RowSums {

  private RowSums() {}

  /** Adds some rows' share to {@code sums}, from an index on. */
  interface Share {
    void add(int first, int n, float[] sums, int at);
  }

  /**
   * Sums of all rows.
   *
   * @param width of the rows, which are handed out in tiles that stay in the cache
   * @param size how many sums there are
   */
  static float[] over(Rows rows, int width, int size, Share share) {
    float[] partial = new float[rows.blocks() * size];
    Parallel.forEach(
        rows.blocks(),
        block ->
            rows.visit(
                block,
                (first, n) ->
                    Rows.inTiles(
                        first,
                        n,
                        width,
                        (from, count) -> share.add(from, count, partial, block * size))));
    float[] sums = new float[size];
    for (int i = 0; i < partial.length; i++) {
      sums[i % size] += partial[i];
    }
    return sums;
  }
}
