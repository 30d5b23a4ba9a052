package dev.circuitscope.circuits.learning;

/**
 * The two places in a sequence whose losses are compared. A place t stands for the loss at position
 * t, of predicting token t + 1: entry t of {@code lossPerToken}.
 *
 * @param early from 0
 * @param late behind early
 */
public record LossPositions(int early, int late) {

  private static final int PAPER_LENGTH = 512;
  private static final int PAPER_EARLY = 50;
  private static final int PAPER_LATE = 500;

  /**
   * Checks the order.
   *
   * @param early from 0
   * @param late behind early
   * @throws IllegalArgumentException if they are out of order or negative
   */
  public LossPositions {
    if (early < 0 || late <= early) {
      throw new IllegalArgumentException(
          "the early position is at least 0 and the late one behind it, were %d and %d"
              .formatted(early, late));
    }
  }

  /**
   * The paper's positions, 50 and 500 of 512 tokens, at the same shares of another length.
   *
   * @param length tokens in a sequence, at least 3
   * @return length * 50 / 512 and length * 500 / 512, rounded down, at most the last that has a
   *     loss
   * @throws IllegalArgumentException if the length is less than 3
   */
  public static LossPositions scaledTo(int length) {
    if (length < 3) {
      throw new IllegalArgumentException(
          "two losses to compare need sequences of at least 3 tokens, was " + length);
    }
    int early = (int) ((long) length * PAPER_EARLY / PAPER_LENGTH);
    int late = (int) ((long) length * PAPER_LATE / PAPER_LENGTH);
    return new LossPositions(early, Math.min(late, length - 2));
  }
}
