package dev.circuitscope.circuits.known;

/** Some neighbouring dimensions of the residual stream. */
record Subspace(int offset, int width) {

  /** Dimension i of the stream's, counted within the subspace. */
  Direction unit(int i, double weight) {
    return Direction.of(offset + i, weight);
  }
}
