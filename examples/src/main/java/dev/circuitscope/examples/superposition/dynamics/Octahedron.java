package dev.circuitscope.examples.superposition.dynamics;

import dev.circuitscope.toymodels.geometry.Geometry;

/** How near the features are to an octahedron whose opposite corners are of different sets. */
final class Octahedron {

  private Octahedron() {}

  /**
   * The furthest that a cosine is from that of the octahedron: -1 between each feature and the
   * other set's one that is most opposite to it, 0 between all others.
   */
  static double deviation(Geometry geometry, int setSize) {
    double furthest = 0;
    for (int i = 0; i < geometry.features(); i++) {
      int opposite = opposite(geometry, i, setSize);
      for (int j = 0; j < geometry.features(); j++) {
        if (j != i) {
          double target = j == opposite ? -1 : 0;
          furthest = Math.max(furthest, Math.abs(geometry.cosine(i, j) - target));
        }
      }
    }
    return furthest;
  }

  private static int opposite(Geometry geometry, int i, int setSize) {
    int opposite = -1;
    for (int j = 0; j < geometry.features(); j++) {
      boolean other = j / setSize != i / setSize;
      if (other && (opposite < 0 || geometry.cosine(i, j) < geometry.cosine(i, opposite))) {
        opposite = j;
      }
    }
    return opposite;
  }
}
