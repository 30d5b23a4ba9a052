package dev.circuitscope.circuits.learning;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * The stretch of training in which a curve makes most of its move (In-context Learning and
 * Induction Heads, argument 1).
 *
 * <p>With y the curve over snapshots 0..n-1 and u_i = (y_i - y_0) / (y_{n-1} - y_0) the share of
 * the move that is made: the window ends at the first snapshot with u at least 0.9, and starts at
 * the last one before it with u at most 0.1. Whether that is narrow enough to be called a phase
 * change is for the reader of {@link #share} to judge.
 *
 * @param start step at which at most 10% of the move is made
 * @param half step of the first snapshot in the window with at least 50%
 * @param end step at which at least 90% is made
 * @param steepest step in the middle of the two neighbouring snapshots of the window between which
 *     the curve moves fastest per step
 * @param before value at the first snapshot
 * @param after value at the last snapshot
 * @param share length of the window as a share of the steps from first to last snapshot
 */
public record PhaseChange(
    long start, long half, long end, long steepest, double before, double after, double share) {

  private static final double BEGUN = 0.1;
  private static final double HALF = 0.5;
  private static final double DONE = 0.9;

  /**
   * Checks that the steps are in order.
   *
   * @param start step at which at most 10% of the move is made
   * @param half step of the first snapshot in the window with at least 50%
   * @param end step at which at least 90% is made
   * @param steepest step in the middle of the two neighbouring snapshots of the window between
   *     which the curve moves fastest per step
   * @param before value at the first snapshot
   * @param after value at the last snapshot
   * @param share length of the window as a share of the steps from first to last snapshot
   * @throws IllegalArgumentException if the steps are out of order
   */
  public PhaseChange {
    if (!(start < half && half <= end && start <= steepest && steepest <= end)) {
      throw new IllegalArgumentException(
          "a phase change from %d over %d to %d, steepest at %d, is out of order"
              .formatted(start, half, end, steepest));
    }
  }

  /**
   * Finds where a curve rises, if it does.
   *
   * @param steps of the snapshots, increasing
   * @param curve a value for each
   * @param least how much higher than at the first snapshot it must be at the last, above 0
   * @return the window, or nothing if the curve rises by less
   * @throws IllegalArgumentException if the lengths differ, steps do not increase, a value is not
   *     finite, or {@code least} is not above 0
   */
  public static Optional<PhaseChange> ofRise(long[] steps, double[] curve, double least) {
    check("phase change", steps, curve, least);
    int last = curve.length - 1;
    return last < 1 || curve[last] - curve[0] < least
        ? Optional.empty()
        : Optional.of(find(steps, curve));
  }

  /**
   * Finds where a curve falls, if it does.
   *
   * @param steps of the snapshots, increasing
   * @param curve a value for each
   * @param least how much lower than at the first snapshot it must be at the last, above 0
   * @return the window, or nothing if the curve falls by less
   * @throws IllegalArgumentException as for {@link #ofRise}
   */
  public static Optional<PhaseChange> ofFall(long[] steps, double[] curve, double least) {
    check("phase change", steps, curve, least);
    int last = curve.length - 1;
    return last < 1 || curve[0] - curve[last] < least
        ? Optional.empty()
        : Optional.of(find(steps, curve));
  }

  /**
   * How far the curve moves from the first to the last snapshot.
   *
   * @return after minus before
   */
  public double move() {
    return after - before;
  }

  /**
   * Renders the window.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("start", start);
    json.addProperty("half", half);
    json.addProperty("end", end);
    json.addProperty("steepest", steepest);
    json.addProperty("before", before);
    json.addProperty("after", after);
    json.addProperty("share", share);
    return json;
  }

  /** One line: the window, the values and the steepest step. */
  @Override
  public String toString() {
    return "steps %d to %d (%.0f%% of training), from %.3f to %.3f, half at %d, steepest at %d"
        .formatted(start, end, 100 * share, before, after, half, steepest);
  }

  private static PhaseChange find(long[] steps, double[] y) {
    int last = y.length - 1;
    double move = y[last] - y[0];
    int end = 0;
    while ((y[end] - y[0]) / move < DONE) {
      end++;
    }
    int start = end - 1;
    while ((y[start] - y[0]) / move > BEGUN) {
      start--;
    }
    int half = start + 1;
    while ((y[half] - y[0]) / move < HALF) {
      half++;
    }
    int steepest = start;
    for (int i = start + 1; i < end; i++) {
      if (slope(steps, y, i) / move > slope(steps, y, steepest) / move) {
        steepest = i;
      }
    }
    return new PhaseChange(
        steps[start],
        steps[half],
        steps[end],
        steps[steepest] + (steps[steepest + 1] - steps[steepest]) / 2,
        y[0],
        y[last],
        (double) (steps[end] - steps[start]) / (steps[last] - steps[0]));
  }

  private static double slope(long[] steps, double[] y, int i) {
    return (y[i + 1] - y[i]) / (steps[i + 1] - steps[i]);
  }

  static void check(String what, long[] steps, double[] curve, double least) {
    if (!(least > 0)) {
      throw new IllegalArgumentException(
          "%s: the least to report must be above 0, was %s".formatted(what, least));
    }
    check(what, steps, curve);
  }

  static void check(String what, long[] steps, double[] curve) {
    if (steps.length != curve.length) {
      throw new IllegalArgumentException(
          "%s: %d steps and %d values".formatted(what, steps.length, curve.length));
    }
    for (int i = 0; i < curve.length; i++) {
      if (!Double.isFinite(curve[i]) || i > 0 && steps[i] <= steps[i - 1]) {
        throw new IllegalArgumentException(
            "%s: snapshot %d at step %d has value %s; steps must increase and values be finite"
                .formatted(what, i, steps[i], curve[i]));
      }
    }
  }
}
