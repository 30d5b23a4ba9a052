package dev.circuitscope.circuits.patching;

import java.nio.FloatBuffer;

/** A patch of some strength. */
final class Blend {

  private Blend() {}

  /** x + strength (source - x) for n elements x; at strength 1 the source's very bits. */
  static void into(FloatBuffer x, int to, FloatBuffer source, int from, int n, double strength) {
    if (strength == 1) {
      x.put(to, source, from, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      double old = x.get(to + i);
      double other = source.get(from + i);
      // masked scores are negative infinity in both runs, and stay so
      x.put(to + i, (float) (old == other ? old : old + strength * (other - old)));
    }
  }
}
