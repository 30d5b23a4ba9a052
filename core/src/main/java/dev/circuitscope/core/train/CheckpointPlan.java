package dev.circuitscope.core.train;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where and how often a training saves itself. Besides every n steps it does so before the first
 * update, at the end, and when it is stopped.
 *
 * @param directory holds one directory per checkpoint, {@code step-00001000}; created if absent
 * @param every the number of updates between two
 * @param keep how many of the newest stay
 */
public record CheckpointPlan(Path directory, long every, int keep) {

  /**
   * Checks that both numbers are at least 1.
   *
   * @param directory holds the checkpoints
   * @param every updates between two
   * @param keep how many stay
   * @throws IllegalArgumentException if a number is less than 1
   */
  public CheckpointPlan {
    Objects.requireNonNull(directory, "directory");
    if (every < 1 || keep < 1) {
      throw new IllegalArgumentException(
          "checkpoints: every %d steps, keeping %d: both must be at least 1"
              .formatted(every, keep));
    }
  }
}
