package dev.circuitscope.circuits.known;

import java.util.Arrays;

/** A unit vector for each of a few things, and one more that all others share. */
record MarkedCode(int size, int[] marked) implements Code {

  MarkedCode {
    marked = Arrays.stream(marked).sorted().distinct().toArray();
  }

  @Override
  public int dimension() {
    return marked.length + 1;
  }

  @Override
  public double coherence() {
    return 0;
  }

  @Override
  public double at(int thing, int i) {
    int place = Arrays.binarySearch(marked, thing);
    return i == (place < 0 ? marked.length : place) ? 1 : 0;
  }
}
