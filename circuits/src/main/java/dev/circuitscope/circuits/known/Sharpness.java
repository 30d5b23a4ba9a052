package dev.circuitscope.circuits.known;

/**
 * How clear-cut a known model is.
 *
 * @param leak the most attention that may go elsewhere than a head's rule says, above 0 and at most
 *     0.01
 * @param margin how far the logit of what is predicted is above all others, in nats, above 0
 */
public record Sharpness(double leak, double margin) {

  /** Attention within 1e-7 of the rule, and predictions of 20 nats. */
  public static final Sharpness DEFAULT = new Sharpness(1e-7, 20);

  private static final double MOST_LEAK = 0.01;

  /** Scores in float32 have an error below 0.001 up to here. */
  private static final double MOST_SCORE = 4096;

  /**
   * Checks both.
   *
   * @param leak the most attention that may go elsewhere, above 0 and at most 0.01
   * @param margin how far a prediction is above all others, in nats, above 0
   * @throws IllegalArgumentException if one is outside its range
   */
  public Sharpness {
    if (!(leak > 0 && leak <= MOST_LEAK)) {
      throw new IllegalArgumentException(
          "sharpness: the leak must be above 0 and at most " + MOST_LEAK + ", was " + leak);
    }
    if (!(margin > 0 && Double.isFinite(margin))) {
      throw new IllegalArgumentException(
          "sharpness: the margin must be above 0 and finite, was " + margin);
    }
  }

  /**
   * What to multiply scores by so that sources which are a gap below the best get no more than the
   * leak together: positions exp(-beta gap) = leak.
   */
  double beta(Role role, double gap, int positions) {
    double beta = Math.log(positions / leak) / gap;
    if (!(gap > 0 && beta <= MOST_SCORE)) {
      throw new IllegalArgumentException(
          "%s head: a leak of %s over %d positions cannot be reached in float32, because the codes leave a gap of %.4f between what it attends to and what it does not; use Coding.AUTOMATIC or Coding.ONE_HOT, or a larger leak"
              .formatted(role.label(), leak, positions, gap));
    }
    return beta;
  }

  /**
   * What to multiply the output by, so that a token that has all attention but the leak is the
   * margin above every other one: gain ((1 - leak)(1 - coherence) - 2 leak) = margin.
   */
  double gain(double coherence) {
    return margin / ((1 - leak) * (1 - coherence) - 2 * leak);
  }
}
