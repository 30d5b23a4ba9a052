package dev.circuitscope.circuits.known;

/**
 * {@code source ... destination -> out}: at a destination, after a source anywhere before it, the
 * model predicts out (A Mathematical Framework for Transformer Circuits, "Skip-Trigrams").
 *
 * @param source the earlier token
 * @param destination the current token
 * @param out the predicted token
 */
public record SkipTrigram(int source, int destination, int out) {

  /** For example {@code 1 ... 2 -> 4}. */
  @Override
  public String toString() {
    return source + " ... " + destination + " -> " + out;
  }
}
