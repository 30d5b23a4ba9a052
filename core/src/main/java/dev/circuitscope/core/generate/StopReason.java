package dev.circuitscope.core.generate;

/** Why a text ends where it does. */
public enum StopReason {
  /** As many tokens as were asked for. */
  MAX_NEW_TOKENS("as many tokens as were asked for"),
  /** The last token is one to stop at. */
  STOP_TOKEN("a stop token"),
  /** Prompt and text fill the model's context; one more token could not be read. */
  CONTEXT_FULL("the model's context is full");

  private final String label;

  StopReason(String label) {
    this.label = label;
  }

  /**
   * The reason in words.
   *
   * @return for example {@code a stop token}
   */
  public String label() {
    return label;
  }
}
