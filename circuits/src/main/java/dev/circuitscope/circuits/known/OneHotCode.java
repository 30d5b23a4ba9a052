package dev.circuitscope.circuits.known;

/** Thing i is the i-th unit vector. */
record OneHotCode(int size) implements Code {

  @Override
  public int dimension() {
    return size;
  }

  @Override
  public double coherence() {
    return 0;
  }

  @Override
  public double at(int thing, int i) {
    return thing == i ? 1 : 0;
  }
}
