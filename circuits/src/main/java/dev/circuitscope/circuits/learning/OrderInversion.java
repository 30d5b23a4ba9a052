package dev.circuitscope.circuits.learning;

import com.google.gson.JsonObject;
import java.util.Optional;

/**
 * Where in training two curves change their order: one is above the other on the whole before, and
 * below it on the whole after (In-context Learning and Induction Heads, where the derivative of the
 * loss with respect to log token index of small and large models does so at the phase change).
 *
 * <p>With d the difference of the curves at each snapshot, the inversion is where the sum of d
 * before it less the sum of d behind it is greatest in magnitude, if that is more than the sum of
 * all. Single crossings by noise do not move it.
 *
 * <pre>{@code
 * double[] small = oneLayer.logIndexSlope(64, 128);
 * double[] large = twoLayers.logIndexSlope(64, 128);
 * OrderInversion.find(twoLayers.steps(), small, large).ifPresent(System.out::println);
 * }</pre>
 *
 * @param step at which the curves cross, interpolated between two snapshots
 * @param before mean of the first curve less the second over the snapshots before
 * @param after the same over those behind; of the opposite sign
 * @param agreement share of all snapshots whose difference has the sign of its side
 */
public record OrderInversion(double step, double before, double after, double agreement) {

  /**
   * Checks that the signs differ.
   *
   * @param step at which the curves cross, interpolated between two snapshots
   * @param before mean of the first curve less the second over the snapshots before
   * @param after the same over those behind; of the opposite sign
   * @param agreement share of all snapshots whose difference has the sign of its side
   * @throws IllegalArgumentException if they do not
   */
  public OrderInversion {
    if (!(before * after < 0)) {
      throw new IllegalArgumentException(
          "an inversion has differences of opposite signs, were %s and %s"
              .formatted(before, after));
    }
  }

  /**
   * Finds where two curves change their order.
   *
   * @param steps of the snapshots of both, increasing
   * @param first a value for each
   * @param second a value for each
   * @return the inversion; nothing if one curve stays above the other on the whole
   * @throws IllegalArgumentException if lengths differ, steps do not increase or a value is not
   *     finite
   */
  public static Optional<OrderInversion> find(long[] steps, double[] first, double[] second) {
    PhaseChange.check("order of the first curve", steps, first);
    PhaseChange.check("order of the second curve", steps, second);
    double[] d = new double[steps.length];
    double total = 0;
    for (int i = 0; i < d.length; i++) {
      d[i] = first[i] - second[i];
      total += d[i];
    }
    int split = 0;
    double best = Math.abs(total);
    double sum = 0;
    double before = 0;
    for (int i = 1; i < d.length; i++) {
      sum += d[i - 1];
      if (Math.abs(2 * sum - total) > best) {
        best = Math.abs(2 * sum - total);
        split = i;
        before = sum;
      }
    }
    double after = total - before;
    return split == 0 || !(before * after < 0)
        ? Optional.empty()
        : Optional.of(at(split, steps, d, before / split, after / (d.length - split)));
  }

  /**
   * Renders the inversion.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("step", step);
    json.addProperty("before", before);
    json.addProperty("after", after);
    json.addProperty("agreement", agreement);
    return json;
  }

  /** One line: where, and the mean differences. */
  @Override
  public String toString() {
    return "order inverts at step %.0f: mean difference %.4f before, %.4f after (%.0f%% of the snapshots agree)"
        .formatted(step, before, after, 100 * agreement);
  }

  private static OrderInversion at(
      int split, long[] steps, double[] d, double before, double after) {
    // at the first of the best splits d has one sign before, and is 0 or has the other behind
    double share = d[split - 1] / (d[split - 1] - d[split]);
    int agreeing = 0;
    for (int i = 0; i < d.length; i++) {
      agreeing += d[i] * (i < split ? before : after) > 0 ? 1 : 0;
    }
    double step = steps[split - 1] + share * (steps[split] - steps[split - 1]);
    return new OrderInversion(step, before, after, (double) agreeing / d.length);
  }
}
