package dev.circuitscope.circuits.paths;

/**
 * How far attention scores are expanded.
 *
 * @param order heads on the longest path that is a part of its own, on each side; longer ones are
 *     one part together
 * @param split whether a path from each source is a part of its own
 * @param smear whether what a source's own key has of a path and what the key before it has are
 *     parts of their own; see {@link dev.circuitscope.circuits.algebra.KeyPart}
 */
public record ScoreOptions(int order, boolean split, boolean smear) {

  /**
   * Checks the order.
   *
   * @param order heads on the longest path that is a part of its own, from 0
   * @param split whether a path from each source is a part of its own
   * @param smear whether a path into each of the two keys of a smeared key is
   * @throws IllegalArgumentException if the order is negative
   */
  public ScoreOptions {
    if (order < 0) {
      throw new IllegalArgumentException(
          "paths have 0 heads (the direct path) or more, was " + order);
    }
  }

  /**
   * Paths of so many heads at most, all sources together.
   *
   * @param order from 0
   * @return the options
   * @throws IllegalArgumentException if the order is negative
   */
  public static ScoreOptions upTo(int order) {
    return new ScoreOptions(order, false, false);
  }

  /**
   * With a part for each source of a path.
   *
   * @return new options
   */
  public ScoreOptions bySource() {
    return new ScoreOptions(order, true, smear);
  }

  /**
   * With a part for each of the two keys that a smeared key is made of. Without smeared keys those
   * of the key before are zero.
   *
   * @return new options
   */
  public ScoreOptions byKey() {
    return new ScoreOptions(order, split, true);
  }
}
