package dev.circuitscope.core.model;

/**
 * The positions of a batch as rows of matrices, cut into blocks for {@link Plan}. A block never
 * crosses from one example to the next and its size does not depend on the batch, so that an
 * example's results do not depend on what it is batched with.
 */
record Rows(int batch, int pos) {

  private static final int BLOCK = 256;

  /** Floats that a loop over elements holds at a time, few enough for the first-level cache. */
  private static final int TILE = 4096;

  /** What to do with the rows {@code first} to {@code first + n - 1}. */
  interface Body {
    void accept(int first, int n);
  }

  int count() {
    return batch * pos;
  }

  /** Blocks of an example. */
  int blocks() {
    return (pos + BLOCK - 1) / BLOCK;
  }

  /** Goes through a block of an example. */
  void visit(int example, int block, Body body) {
    int from = block * BLOCK;
    body.accept(example * pos + from, Math.min(BLOCK, pos - from));
  }

  /** The number of a block among those of all examples, by its first row. */
  int block(int first) {
    return first / pos * blocks() + first % pos / BLOCK;
  }

  /** Goes through rows of a width in tiles that stay in the cache. */
  static void inTiles(int first, int n, int width, Body body) {
    int size = Math.max(1, TILE / width);
    for (int from = first; from < first + n; from += size) {
      body.accept(from, Math.min(size, first + n - from));
    }
  }
}
