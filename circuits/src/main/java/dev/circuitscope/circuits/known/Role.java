package dev.circuitscope.circuits.known;

/** What a head of a known model does. */
public enum Role {
  /** Attends to the token before. */
  PREVIOUS_TOKEN("previous token"),
  /** Attends to the earlier occurrences of the current token. */
  DUPLICATE_TOKEN("duplicate token"),
  /** Attends to the tokens that follow an earlier occurrence of the current token. */
  INDUCTION("induction"),
  /** Attends to the token before and moves on what a {@link #PREVIOUS_TOKEN} head left there. */
  RELAY("relay"),
  /** Attends from destinations to sources of skip-trigrams. */
  SKIP_TRIGRAM("skip-trigram"),
  /** Attends to its own position and raises the token there. */
  COPYING("copying"),
  /** Attends to its own position and lowers the token there. */
  ANTI_COPYING("anti-copying"),
  /** Attends to all positions up to its own alike, and copies. */
  UNIFORM("uniform"),
  /** Has no weights: attends to all positions alike and writes nothing. */
  ZERO("zero");

  private final String label;

  Role(String label) {
    this.label = label;
  }

  /**
   * The role in words.
   *
   * @return for example {@code previous token}
   */
  public String label() {
    return label;
  }
}
