package dev.circuitscope.toymodels.geometry;

/**
 * How much a trained matrix may differ from the ideal figures.
 *
 * @param learned norms up to this count as not learned; at least 0
 * @param orthogonal features whose |cosine| is at most this share no direction; in [0, 1)
 * @param dimensionality how far D_i may lie from a figure's m/n; at least 0
 * @param gram how far dot products may lie from a figure's, in units of the squared norm; at least
 *     0
 */
public record GeometryTolerance(
    double learned, double orthogonal, double dimensionality, double gram) {

  /**
   * For trained matrices: learned from norm 0.5 ({@link Geometry#KEPT_NORM}) on, orthogonal up to a
   * cosine of 0.1, D_i within 0.0125 (half of what is between 3/8 and 2/5), dot products within
   * 0.1.
   */
  public static final GeometryTolerance TRAINED =
      new GeometryTolerance(Geometry.KEPT_NORM, 0.1, 0.0125, 0.1);

  /** For matrices that are exact up to rounding: 1e-9 everywhere. */
  public static final GeometryTolerance EXACT = new GeometryTolerance(1e-9, 1e-9, 1e-9, 1e-9);

  /**
   * Checks every component.
   *
   * @param learned norms up to this count as not learned
   * @param orthogonal largest |cosine| of features that share no direction
   * @param dimensionality on D_i
   * @param gram on dot products
   * @throws IllegalArgumentException naming the component and its value, if one is out of range
   */
  public GeometryTolerance {
    check("learned", learned, Double.MAX_VALUE);
    check("orthogonal", orthogonal, Math.nextDown(1.0));
    check("dimensionality", dimensionality, Double.MAX_VALUE);
    check("gram", gram, Double.MAX_VALUE);
  }

  private static void check(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          "geometry tolerance "
              + name
              + " must be finite, not negative"
              + (most < 1 ? " and less than 1" : "")
              + ", was "
              + value);
    }
  }
}
