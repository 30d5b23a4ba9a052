package dev.circuitscope.examples.training;

/**
 * How long to train on plain text alone.
 *
 * @param tokens to see at most
 * @param minutes to take at most
 */
public record PlainTextPlan(long tokens, double minutes) {

  /** More tokens than a day of training sees. */
  private static final long MOST_TOKENS = 20_000_000_000L;

  /**
   * Checks that there is something to do.
   *
   * @param tokens to see at most
   * @param minutes to take at most
   */
  public PlainTextPlan {
    if (tokens < 1 || !(minutes > 0)) {
      throw new IllegalArgumentException(
          "training on plain text needs at least 1 token and a time above 0, was %d tokens, %s minutes"
              .formatted(tokens, minutes));
    }
    tokens = Math.min(tokens, MOST_TOKENS);
  }

  /**
   * For some time.
   *
   * @param minutes above 0
   * @return the plan
   */
  public static PlainTextPlan ofMinutes(double minutes) {
    return new PlainTextPlan(MOST_TOKENS, minutes);
  }

  /**
   * For some tokens, however long that takes.
   *
   * @param tokens at least 1
   * @return the plan
   */
  public static PlainTextPlan ofTokens(long tokens) {
    return new PlainTextPlan(tokens, Double.POSITIVE_INFINITY);
  }

  /**
   * The plan of each of several trainings: as many tokens for each, the time divided among them.
   *
   * @param trainings at least 1
   * @return the plan of one
   */
  public PlainTextPlan sharedBy(int trainings) {
    return new PlainTextPlan(tokens, minutes / trainings);
  }
}
