package dev.circuitscope.circuits.learning;

/**
 * The two places in a sequence whose losses are compared. A place t stands for the loss at position
 * t, of predicting token t + 1: entry t of {@code lossPerToken}. With a half-width w it stands for
 * the mean over positions t - w to t + w, which is less noisy.
 *
 * @param early at least the half-width
 * @param late behind early, so far that the two ranges have nothing in common
 * @param halfWidth from 0
 */
public record LossPositions(int early, int late, int halfWidth) {

  private static final int PAPER_LENGTH = 512;
  private static final int PAPER_EARLY = 50;
  private static final int PAPER_LATE = 500;

  /**
   * Checks the order.
   *
   * @param early at least the half-width
   * @param late behind early, so far that the two ranges have nothing in common
   * @param halfWidth from 0
   * @throws IllegalArgumentException if they are out of order, negative or overlap
   */
  public LossPositions {
    if (halfWidth < 0 || early < halfWidth || late - halfWidth <= early + halfWidth) {
      throw new IllegalArgumentException(
          "the early position is at least 0 and the late one behind it, with their neighbours, were %d and %d with %d neighbours on each side"
              .formatted(early, late, halfWidth));
    }
  }

  /**
   * Single positions.
   *
   * @param early from 0
   * @param late behind early
   * @throws IllegalArgumentException if they are out of order or negative
   */
  public LossPositions(int early, int late) {
    this(early, late, 0);
  }

  /** The last position that is read. */
  int last() {
    return late + halfWidth;
  }

  /** The loss late minus the loss early, out of the losses of one sequence. */
  double difference(float[] losses) {
    return mean(losses, late) - mean(losses, early);
  }

  private double mean(float[] losses, int centre) {
    double sum = 0;
    for (int t = centre - halfWidth; t <= centre + halfWidth; t++) {
      sum += losses[t];
    }
    return sum / (2 * halfWidth + 1);
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
