package dev.circuitscope.circuits.learning;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A stretch of training in which the loss is not convex: it lies above the straight line between
 * two of its points (In-context Learning and Induction Heads, argument 1, where the phase change is
 * the only place that the loss curve has one).
 *
 * <p>With the hull of the curve over steps, the greatest convex function nowhere above it, a bump
 * is a straight piece of the hull that the curve rises above, and its height how far it rises.
 * Noise makes small bumps everywhere; the least height to report is for the caller to give.
 *
 * <pre>{@code
 * Optional<LossBump> bump = LossBump.largest(timeline.steps(), timeline.evalLoss(), 0.02);
 * }</pre>
 *
 * @param start step at which the hull leaves the curve
 * @param peak step at which the curve is highest above the hull
 * @param end step at which they meet again
 * @param height of the curve above the hull at the peak, in nats
 */
public record LossBump(long start, long peak, long end, double height) {

  /**
   * Checks that the steps are in order and the height is above 0.
   *
   * @param start step at which the hull leaves the curve
   * @param peak step at which the curve is highest above the hull
   * @param end step at which they meet again
   * @param height of the curve above the hull at the peak, in nats
   * @throws IllegalArgumentException if not
   */
  public LossBump {
    if (!(start < peak && peak < end && height > 0)) {
      throw new IllegalArgumentException(
          "a bump from %d over %d to %d, %s high, is out of order"
              .formatted(start, peak, end, height));
    }
  }

  /**
   * All bumps of a curve.
   *
   * @param steps of the snapshots, increasing
   * @param losses one for each
   * @param least height to report, above 0
   * @return in order; none for a convex curve
   * @throws IllegalArgumentException if the lengths differ, steps do not increase, a loss is not
   *     finite, or {@code least} is not above 0
   */
  public static List<LossBump> all(long[] steps, double[] losses, double least) {
    PhaseChange.check("loss bump", steps, losses, least);
    List<Integer> hull = hull(steps, losses);
    List<LossBump> bumps = new ArrayList<>();
    for (int corner = 1; corner < hull.size(); corner++) {
      int from = hull.get(corner - 1);
      int to = hull.get(corner);
      int peak = from;
      for (int i = from + 1; i < to; i++) {
        if (above(steps, losses, from, i, to) > above(steps, losses, from, peak, to)) {
          peak = i;
        }
      }
      double height = above(steps, losses, from, peak, to);
      if (height >= least) {
        bumps.add(new LossBump(steps[from], steps[peak], steps[to], height));
      }
    }
    return bumps;
  }

  /**
   * The highest bump of a curve.
   *
   * @param steps of the snapshots, increasing
   * @param losses one for each
   * @param least height to report, above 0
   * @return the first of the highest; nothing for a convex curve
   * @throws IllegalArgumentException as for {@link #all}
   */
  public static Optional<LossBump> largest(long[] steps, double[] losses, double least) {
    return all(steps, losses, least).stream()
        .sorted(Comparator.comparingDouble(bump -> -bump.height))
        .findFirst();
  }

  /**
   * Renders the bump.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("start", start);
    json.addProperty("peak", peak);
    json.addProperty("end", end);
    json.addProperty("height", height);
    return json;
  }

  /** One line: where it is, and how high. */
  @Override
  public String toString() {
    return "bump from step %d to %d, %.4f nats high at %d".formatted(start, end, height, peak);
  }

  /** The corners of the hull: those points that no line between two others passes below. */
  private static List<Integer> hull(long[] steps, double[] y) {
    List<Integer> corners = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      while (corners.size() > 1) {
        int last = corners.get(corners.size() - 1);
        if (above(steps, y, corners.get(corners.size() - 2), last, i) < 0) {
          break;
        }
        corners.remove(corners.size() - 1);
      }
      corners.add(i);
    }
    return corners;
  }

  /** How far point i lies above the line from one point to another. */
  private static double above(long[] steps, double[] y, int from, int i, int to) {
    double share = (double) (steps[i] - steps[from]) / (steps[to] - steps[from]);
    return y[i] - ((1 - share) * y[from] + share * y[to]);
  }
}
