package dev.circuitscope.circuits.heads;

/** Where heads of some kind look: for each position of a sequence, the positions to attend to. */
@FunctionalInterface
public interface AttentionTargets {

  /**
   * The targets of every destination of a sequence.
   *
   * @param sequence its number
   * @param tokens its tokens
   * @return [dest][], sources between 0 and dest, each at most once; a destination without sources
   *     does not count
   */
  int[][] of(int sequence, int[] tokens);

  /**
   * Where induction heads look: all tokens that follow an earlier occurrence of the current one, as
   * {@link PrefixMatchingScores#ofTokens} counts them.
   *
   * @return targets of every destination whose token has occurred before
   */
  static AttentionTargets prefixMatching() {
    return RepeatDetectors.prefixMatching((sequence, dest) -> true).targets();
  }
}
