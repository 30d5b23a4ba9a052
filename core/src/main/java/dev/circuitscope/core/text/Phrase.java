package dev.circuitscope.core.text;

/**
 * A phrase with a gap: source, anything, destination, out. It is what a skip-trigram of an
 * attention head says, {@code source ... destination -> out}, as in {@code keep ... in mind}.
 *
 * @param source token somewhere before the others
 * @param destination token before the last
 * @param out the last token, which follows the destination at once
 */
public record Phrase(int source, int destination, int out) {

  /**
   * Checks that the ids are not negative.
   *
   * @param source token somewhere before the others
   * @param destination token before the last
   * @param out the last token
   * @throws IllegalArgumentException if one is negative
   */
  public Phrase {
    if (source < 0 || destination < 0 || out < 0) {
      throw new IllegalArgumentException(
          "phrase: token ids are counted from 0, were %d ... %d %d"
              .formatted(source, destination, out));
    }
  }

  /** The ids, for example {@code 17 ... 4 -> 9}. */
  @Override
  public String toString() {
    return "%d ... %d -> %d".formatted(source, destination, out);
  }
}
