package dev.circuitscope.core.model;

/**
 * The positions of a batch as rows of matrices, cut into blocks for {@link Plan}. A block never
 * crosses from one example to the next and its size does not depend on the batch, so that an
 * example's results do not depend on what it is batched with. Where they cannot ({@link
 * dev.circuitscope.core.array.SteadyProduct}), short examples share a block, {@code group} of them.
 */
record Rows(int batch, int pos, int group) {

  private static final int BLOCK = 256;

  /** Floats that a loop over elements holds at a time, few enough for the first-level cache. */
  private static final int TILE = 4096;

  /** Groups that a batch is at least cut into, whatever the number of threads that share them. */
  private static final int SHARES = 8;

  /** What to do with the rows {@code first} to {@code first + n - 1}. */
  interface Body {
    void accept(int first, int n);
  }

  /** Each example on its own. */
  Rows(int batch, int pos) {
    this(batch, pos, 1);
  }

  /**
   * The same rows for a pass without gradients, whose steps do to a row the same whatever is in its
   * block: as many examples together as fit a block and leave the batch in {@link #SHARES}.
   */
  Rows grouped() {
    return new Rows(batch, pos, Math.max(1, Math.min(BLOCK / pos, batch / SHARES)));
  }

  int count() {
    return batch * pos;
  }

  /** Groups of examples. */
  int groups() {
    return (batch + group - 1) / group;
  }

  /** Blocks of a group. */
  int blocks() {
    return (group * pos + BLOCK - 1) / BLOCK;
  }

  /** Goes through a block of a group. */
  void visit(int ofGroup, int block, Body body) {
    int from = ofGroup * group * pos + block * BLOCK;
    int end = Math.min(batch, (ofGroup + 1) * group) * pos;
    body.accept(from, Math.min(BLOCK, end - from));
  }

  /** The number of a block among those of all examples, by its first row; examples on their own. */
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
