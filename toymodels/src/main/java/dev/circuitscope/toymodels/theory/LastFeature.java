package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.geometry.Geometry;

/**
 * What becomes of the last feature: the three colours of the phase diagrams in section
 * "Superposition as a Phase Change" of "Toy Models of Superposition" (Elhage et al., 2022).
 */
public enum LastFeature {
  /** It is ignored. */
  NOT_LEARNED,

  /** It has a direction orthogonal to those of all others. */
  DEDICATED,

  /** It shares its direction with others. */
  SUPERPOSITION;

  /**
   * What became of the last feature in given weights: not learned if its norm is at most {@link
   * Geometry#KEPT_NORM}; else in superposition if the others' squared projections on its direction,
   * sum_{j != n} (What_n . W_j)^2, come to more than 1/2 (one that is antipodal makes 1); else
   * dedicated.
   *
   * @param geometry of W
   * @return one of the three
   */
  public static LastFeature of(Geometry geometry) {
    int last = geometry.features() - 1;
    if (geometry.norms()[last] <= Geometry.KEPT_NORM) {
      return NOT_LEARNED;
    }
    double poly = geometry.polysemanticity()[last];
    return poly * poly > 0.5 ? SUPERPOSITION : DEDICATED;
  }
}
