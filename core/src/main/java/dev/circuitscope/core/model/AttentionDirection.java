package dev.circuitscope.core.model;

/** Which sources a destination may attend to. */
public enum AttentionDirection {
  /** Itself and those before it. */
  CAUSAL("causal"),
  /** All of its sequence. */
  BIDIRECTIONAL("bidirectional");

  private final String label;

  AttentionDirection(String label) {
    this.label = label;
  }

  /**
   * TransformerLens's name.
   *
   * @return {@code causal} or {@code bidirectional}
   */
  public String label() {
    return label;
  }
}
