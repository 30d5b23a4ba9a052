package dev.circuitscope.circuits.learning.pertoken;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import java.util.Arrays;
import java.util.List;

/**
 * A training's way through principal components.
 *
 * @param name of the model
 * @param moments in order
 * @param points [moment][component]; copied in and out
 */
public record PcaTrajectory(String name, List<TrainingMoment> moments, double[][] points) {

  /**
   * Checks that there is a point for each moment.
   *
   * @param name of the model
   * @param moments in order
   * @param points [moment][component]; copied
   * @throws IllegalArgumentException if numbers differ
   */
  public PcaTrajectory {
    moments = List.copyOf(moments);
    points = Arrays.stream(points).map(double[]::clone).toArray(double[][]::new);
    int components = points.length == 0 ? 0 : points[0].length;
    if (points.length != moments.size()
        || Arrays.stream(points).anyMatch(p -> p.length != components)) {
      throw new IllegalArgumentException(
          "trajectory %s: %d moments and %d points; give a point with as many components for each"
              .formatted(name, moments.size(), points.length));
    }
  }

  /**
   * All points.
   *
   * @return [moment][component], a copy
   */
  @Override
  public double[][] points() {
    return Arrays.stream(points).map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * One coordinate of all points.
   *
   * @param component from 0
   * @return one number for each moment
   * @throws IllegalArgumentException if there is no such component
   */
  public double[] coordinate(int component) {
    if (component < 0 || points.length > 0 && component >= points[0].length) {
      throw new IllegalArgumentException(
          "trajectory %s: no component %d".formatted(name, component));
    }
    return Arrays.stream(points).mapToDouble(p -> p[component]).toArray();
  }

  /**
   * Renders the trajectory.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    JsonArray steps = new JsonArray();
    moments.forEach(moment -> steps.add(moment.step()));
    json.add("steps", steps);
    json.add("points", JsonNumbers.of(points));
    return json;
  }

  /** From where to where, in how many points. */
  @Override
  public String toString() {
    return points.length == 0
        ? name + ": no points"
        : "%s: %d points from %s to %s"
            .formatted(
                name,
                points.length,
                Arrays.toString(points[0]),
                Arrays.toString(points[points.length - 1]));
  }
}
