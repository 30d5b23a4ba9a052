package dev.circuitscope.core.model;

/** How a model knows where a token stands. */
public enum Positions {
  /** Learned vectors added to the residual stream. */
  STANDARD("standard"),
  /** Learned vectors added to what queries and keys read, never to the residual stream. */
  SHORTFORMER("shortformer"),
  /**
   * Fixed sinusoids added to what queries and keys read (A Mathematical Framework for Transformer
   * Circuits, section "Model Simplifications").
   */
  SINUSOIDAL_SHORTFORMER("sinusoidal-shortformer"),
  /** Queries and keys are rotated; see {@link Rotary}. */
  ROTARY("rotary"),
  /** Not at all, but for the causal mask. */
  NONE("none");

  private final String label;

  Positions(String label) {
    this.label = label;
  }

  /**
   * TransformerLens's name.
   *
   * @return for example {@code shortformer}
   */
  public String label() {
    return label;
  }

  boolean learned() {
    return this == STANDARD || this == SHORTFORMER;
  }

  /**
   * Whether there are vectors of positions, and so {@code hook_pos_embed}.
   *
   * @return false for {@link #ROTARY} and {@link #NONE}
   */
  public boolean embedded() {
    return this != NONE && this != ROTARY;
  }

  /**
   * Whether positions are read by queries and keys only.
   *
   * @return false where they are in the residual stream, or nowhere
   */
  public boolean shortformer() {
    return this == SHORTFORMER || this == SINUSOIDAL_SHORTFORMER;
  }
}
