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
}
