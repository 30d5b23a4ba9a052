package dev.circuitscope.circuits.algebra;

/**
 * The two keys that a smeared key is a mixture of: k_j becomes sigmoid(alpha) k_j + (1 -
 * sigmoid(alpha)) k_(j-1), alpha of the key's head (In-context Learning and Induction Heads,
 * Argument 2). An attention score is linear in the key, and so is the sum of what both give.
 *
 * <p>The first key of a sequence stays as it is: all of it is {@link #OWN}. So are keys that are
 * not smeared.
 */
public enum KeyPart {
  /** The source's own key, by sigmoid(alpha) from position 1 on. */
  OWN("own key"),
  /** The key of the position before the source, by 1 - sigmoid(alpha). */
  PREVIOUS("key before");

  private final String label;

  KeyPart(String label) {
    this.label = label;
  }

  /**
   * The part in words.
   *
   * @return {@code own key} or {@code key before}
   */
  public String label() {
    return label;
  }

  /**
   * The weight of this part in a key behind the first.
   *
   * @param own sigmoid(alpha), the weight of the source's own key
   * @return {@code own} or {@code 1 - own}
   */
  public double share(double own) {
    return this == OWN ? own : 1 - own;
  }
}
