package dev.circuitscope.circuits.learning.snapshots;

/**
 * A moment of a training.
 *
 * @param step updates made so far
 * @param tokens trained on so far
 */
public record TrainingMoment(long step, long tokens) implements Comparable<TrainingMoment> {

  /**
   * Checks that neither is negative.
   *
   * @param step updates made so far
   * @param tokens trained on so far
   * @throws IllegalArgumentException if one is negative
   */
  public TrainingMoment {
    if (step < 0 || tokens < 0) {
      throw new IllegalArgumentException(
          "a moment's step and tokens are at least 0, were %d and %d".formatted(step, tokens));
    }
  }

  @Override
  public int compareTo(TrainingMoment other) {
    int steps = Long.compare(step, other.step);
    return steps != 0 ? steps : Long.compare(tokens, other.tokens);
  }

  /** For example {@code step 100 (819,200 tokens)}. */
  @Override
  public String toString() {
    return "step %d (%,d tokens)".formatted(step, tokens);
  }
}
