package dev.circuitscope.circuits.learning.pertoken;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.learning.snapshots.TrainingMoment;
import java.util.Optional;

/**
 * Where a training's way through principal components turns (In-context Learning and Induction
 * Heads, "per-token losses": trajectories pivot at the phase change).
 *
 * <p>The turn at a point is the angle between the way there from the last earlier point at least a
 * radius away and the way on to the first later point at least as far away. So neither the number
 * of snapshots nor the jitter of a model that stands still counts; within a radius of both ends
 * there is no turn.
 *
 * <pre>{@code
 * TrajectoryPivot.sharpest(trajectory, 0.2).ifPresent(System.out::println);
 * }</pre>
 *
 * @param at when it turns
 * @param index of the point
 * @param degrees how much it turns: 0 straight on, 90 at a right angle, 180 back
 */
public record TrajectoryPivot(TrainingMoment at, int index, double degrees) {

  /**
   * The sharpest turn.
   *
   * @param trajectory in as many components as count
   * @param radius as a share of the largest distance of a point from the first, above 0
   * @return the first of the sharpest; nothing if all points are within a radius of an end
   * @throws IllegalArgumentException if the radius is not above 0
   */
  public static Optional<TrajectoryPivot> sharpest(PcaTrajectory trajectory, double radius) {
    double[] turns = turns(trajectory, radius);
    int best = -1;
    for (int i = 0; i < turns.length; i++) {
      if (!Double.isNaN(turns[i]) && (best < 0 || turns[i] > turns[best])) {
        best = i;
      }
    }
    return best < 0
        ? Optional.empty()
        : Optional.of(new TrajectoryPivot(trajectory.moments().get(best), best, turns[best]));
  }

  /**
   * The turn at every point.
   *
   * @param trajectory in as many components as count
   * @param radius as a share of the largest distance of a point from the first, above 0
   * @return degrees, one for each moment; NaN within a radius of an end
   * @throws IllegalArgumentException if the radius is not above 0
   */
  public static double[] turns(PcaTrajectory trajectory, double radius) {
    if (!(radius > 0)) {
      throw new IllegalArgumentException(
          "pivot of %s: the radius must be above 0, was %s".formatted(trajectory.name(), radius));
    }
    double[][] points = trajectory.points();
    double extent = 0;
    for (double[] point : points) {
      extent = Math.max(extent, distance(points[0], point));
    }
    double[] turns = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      turns[i] = extent == 0 ? Double.NaN : turn(points, i, radius * extent);
    }
    return turns;
  }

  /**
   * Renders the pivot.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("step", at.step());
    json.addProperty("tokens", at.tokens());
    json.addProperty("degrees", degrees);
    return json;
  }

  /** For example {@code turns by 78 degrees at step 1500 (12,288,000 tokens)}. */
  @Override
  public String toString() {
    return "turns by %.0f degrees at %s".formatted(degrees, at);
  }

  private static double turn(double[][] points, int i, double radius) {
    int from = i;
    while (from >= 0 && distance(points[from], points[i]) < radius) {
      from--;
    }
    int to = i;
    while (to < points.length && distance(points[to], points[i]) < radius) {
      to++;
    }
    if (from < 0 || to == points.length) {
      return Double.NaN;
    }
    double dot = 0;
    for (int c = 0; c < points[i].length; c++) {
      dot += (points[i][c] - points[from][c]) * (points[to][c] - points[i][c]);
    }
    double lengths = distance(points[from], points[i]) * distance(points[i], points[to]);
    return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, dot / lengths))));
  }

  private static double distance(double[] a, double[] b) {
    double squares = 0;
    for (int c = 0; c < a.length; c++) {
      squares += (a[c] - b[c]) * (a[c] - b[c]);
    }
    return Math.sqrt(squares);
  }
}
