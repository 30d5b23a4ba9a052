package dev.circuitscope.examples.heads;

import dev.circuitscope.circuits.heads.HeadScores;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A score of every head, or why there is none.
 *
 * @param name of the score
 * @param scores of every head, if they could be measured
 * @param reason why not; empty if they could
 */
record MeasuredScore(String name, Optional<HeadScores> scores, String reason) {

  static MeasuredScore of(HeadScores scores) {
    return new MeasuredScore(scores.name(), Optional.of(scores), "");
  }

  static MeasuredScore missing(String name, String reason) {
    return new MeasuredScore(name, Optional.empty(), reason);
  }

  /** What is measured, or what the measurement says against the model. */
  static MeasuredScore attempt(String name, Supplier<HeadScores> measurement) {
    try {
      return of(measurement.get());
    } catch (IllegalArgumentException e) {
      return missing(name, e.getMessage());
    }
  }
}
