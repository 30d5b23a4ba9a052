package dev.circuitscope.circuits.learning.snapshots;

import dev.circuitscope.core.hook.Head;
import java.util.Objects;
import java.util.Optional;

/**
 * One number that was measured on one model.
 *
 * @param at when in its training
 * @param measure what was measured
 * @param head on which head; empty for the model as a whole
 * @param value the number; NaN if it is not defined
 * @param standardError of the number; NaN if it has none
 */
public record SnapshotRow(
    TrainingMoment at, String measure, Optional<Head> head, double value, double standardError) {

  /**
   * Checks that nothing is missing.
   *
   * @param at when in its training
   * @param measure what was measured
   * @param head on which head; empty for the model as a whole
   * @param value the number; NaN if it is not defined
   * @param standardError of the number; NaN if it has none
   */
  public SnapshotRow {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(measure, "measure");
    Objects.requireNonNull(head, "head");
  }

  boolean isOf(String name, Optional<Head> which) {
    return measure.equals(name) && head.equals(which);
  }
}
