package dev.circuitscope.circuits.discovery;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.edges.Edge;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How far found edges are the true ones, threshold by threshold: the curve by which ACDC's paper
 * (section 4) compares methods.
 *
 * @param points one for each threshold, in ascending order
 */
public record AgreementCurve(List<Point> points) {

  /**
   * One threshold.
   *
   * @param threshold an edge stays removed if the metric moves by less
   * @param agreement of what was found with the truth
   */
  public record Point(double threshold, EdgeAgreement agreement) {}

  /**
   * Sorts the points.
   *
   * @param points at least one; copied
   * @throws IllegalArgumentException if there is none
   */
  public AgreementCurve {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("an agreement curve needs at least one threshold");
    }
    points = points.stream().sorted(Comparator.comparingDouble(Point::threshold)).toList();
  }

  /**
   * Prunes once for each threshold.
   *
   * @param pruning whose other options hold
   * @param thresholds above 0 and finite, at least one
   * @param truth the edges that there should be
   * @return the curve
   * @throws IllegalArgumentException if there is no threshold, one is not above 0 and finite, or
   *     the model has no such edge
   */
  public static AgreementCurve of(
      EdgePruning pruning, double[] thresholds, Collection<Edge> truth) {
    List<Point> points = new ArrayList<>();
    for (double threshold : thresholds) {
      PruningOptions options = pruning.options().threshold(threshold);
      points.add(new Point(threshold, pruning.options(options).prune().agreement(truth)));
    }
    return new AgreementCurve(points);
  }

  /**
   * The area under recall as a function of the false positive rate, by straight lines through the
   * points from (0, 0), where nothing is found, to (1, 1), where everything is.
   *
   * @return 1 if some threshold finds exactly the true edges; about 0.5 by chance
   */
  public double area() {
    List<double[]> corners = new ArrayList<>();
    corners.add(new double[] {0, 0});
    for (Point point : points) {
      corners.add(new double[] {point.agreement().falsePositiveRate(), point.agreement().recall()});
    }
    corners.add(new double[] {1, 1});
    corners.sort(
        Comparator.<double[]>comparingDouble(corner -> corner[0])
            .thenComparingDouble(corner -> corner[1]));
    double area = 0;
    for (int i = 1; i < corners.size(); i++) {
      double[] from = corners.get(i - 1);
      double[] to = corners.get(i);
      area += (to[0] - from[0]) * (from[1] + to[1]) / 2;
    }
    return area;
  }

  /**
   * Renders the curve.
   *
   * @return an object with points and area
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    JsonArray all = new JsonArray();
    for (Point point : points) {
      JsonObject at = point.agreement().toJson();
      at.addProperty("threshold", point.threshold());
      all.add(at);
    }
    json.add("points", all);
    json.addProperty("area", area());
    return json;
  }

  /** A line for each threshold, and the area. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("area under the curve %.3f".formatted(area()));
    for (Point point : points) {
      text.append(
          "%n  threshold %-8s precision %.3f  recall %.3f  false positives %.3f"
              .formatted(
                  point.threshold(),
                  point.agreement().precision(),
                  point.agreement().recall(),
                  point.agreement().falsePositiveRate()));
    }
    return text.toString();
  }
}
