package dev.circuitscope.circuits.learning;

/**
 * Whether induction heads form when in-context learning appears (In-context Learning and Induction
 * Heads, argument 1).
 *
 * @param induction where the best head's induction score rises
 * @param inContext where the in-context learning score falls
 */
public record PhaseAgreement(PhaseChange induction, PhaseChange inContext) {

  /**
   * Whether the two windows have a stretch of training in common.
   *
   * @return true if {@link #overlap} is above 0
   */
  public boolean overlaps() {
    return overlap() > 0;
  }

  /**
   * How much of the two windows is common to both.
   *
   * @return steps in both divided by steps in either, 0 to 1
   */
  public double overlap() {
    long both =
        Math.min(induction.end(), inContext.end()) - Math.max(induction.start(), inContext.start());
    long lengths = induction.end() - induction.start() + inContext.end() - inContext.start();
    return both <= 0 ? 0 : (double) both / (lengths - both);
  }

  /**
   * How much later in-context learning changes fastest than the induction score is half risen.
   *
   * @return steps; negative if it is earlier
   */
  public long lag() {
    return inContext.steepest() - induction.half();
  }

  /** Both windows and what they have in common. */
  @Override
  public String toString() {
    return "induction: %s%nin-context learning: %s%noverlap %.2f, lag %d steps"
        .formatted(induction, inContext, overlap(), lag());
  }
}
