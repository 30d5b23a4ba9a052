package dev.circuitscope.circuits.patching;

/**
 * Copies of a batch that run together from a position on. Rows are counted over whole copies; these
 * begin with row {@code first}.
 */
record Copies(int batch, int length, int first, int start) {

  /** Positions of an example that run. */
  int positions() {
    return length - start;
  }

  /** Where a row is in what runs. */
  int place(int row) {
    int at = row - first;
    return at - (at / length + 1) * start;
  }

  /** Which row of a single whole copy an example's first position is. */
  int rowOf(int example) {
    return example % batch * length + start;
  }
}
