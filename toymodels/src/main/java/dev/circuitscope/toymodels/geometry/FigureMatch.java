package dev.circuitscope.toymodels.geometry;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares the dot products of some features with those of a regular figure, up to the order of the
 * features, rotation, and one common scale.
 */
final class FigureMatch {

  /** So few corners that all their orders can be tried. */
  private static final int FEW = 8;

  private final Geometry geometry;
  private final List<Integer> features;
  private final double scale;
  private final RegularFigure figure;
  private final double tolerance;
  private final int[] corner;
  private final boolean[] used;

  private FigureMatch(
      Geometry geometry, List<Integer> features, RegularFigure figure, double tolerance) {
    this.geometry = geometry;
    this.features = features;
    this.scale = features.stream().mapToDouble(f -> geometry.dot(f, f)).average().orElseThrow();
    this.figure = figure;
    this.tolerance = figure.corners() > FEW ? Math.min(tolerance, gap(figure) / 2) : tolerance;
    this.corner = new int[features.size()];
    this.used = new boolean[features.size()];
  }

  /**
   * The figure whose dot products these are.
   *
   * @param geometry of all features
   * @param features that are looked at, at least one, not all 0
   * @param tolerance on every entry once the mean squared norm is 1
   * @return empty if there is none
   */
  static Optional<RegularFigure> of(Geometry geometry, List<Integer> features, double tolerance) {
    return RegularFigure.withCorners(features.size()).stream()
        .filter(figure -> figure.dimensions() <= geometry.hidden())
        .filter(figure -> new FigureMatch(geometry, features, figure, tolerance).matches())
        .findFirst();
  }

  /**
   * The least difference of two unlike dot products. Features must match more closely than half of
   * it where there are many corners, or it would take forever to try which might be which.
   */
  private static double gap(RegularFigure figure) {
    double[] row = new double[figure.corners()];
    Arrays.setAll(row, i -> figure.dot(0, i));
    Arrays.sort(row);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 1; i < row.length; i++) {
      double difference = row[i] - row[i - 1];
      least = difference > 1e-9 ? Math.min(least, difference) : least;
    }
    return least;
  }

  /** All corners are alike, so the first feature may be corner 0. */
  private boolean matches() {
    return fits(0, 0) && extend(0, 0);
  }

  private boolean extend(int at, int feature) {
    corner[at] = feature;
    used[feature] = true;
    if (at + 1 == corner.length) {
      return true;
    }
    for (int next = 0; next < used.length; next++) {
      if (!used[next] && fits(at + 1, next) && extend(at + 1, next)) {
        return true;
      }
    }
    used[feature] = false;
    return false;
  }

  private boolean fits(int at, int feature) {
    for (int earlier = 0; earlier < at; earlier++) {
      if (Math.abs(dot(feature, corner[earlier]) - figure.dot(at, earlier)) > tolerance) {
        return false;
      }
    }
    return Math.abs(dot(feature, feature) - 1) <= tolerance;
  }

  private double dot(int a, int b) {
    return geometry.dot(features.get(a), features.get(b)) / scale;
  }
}
