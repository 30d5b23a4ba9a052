package dev.circuitscope.circuits.paths;

/** Where what is on a path comes from. A term of an expansion is a path and its source. */
public enum Source {
  /** Token embeddings: the only source that is linear in the one-hot tokens. */
  TOKENS("embed"),
  /**
   * Position embeddings: those in the residual stream, and in attention scores also those that
   * queries and keys of a shortformer read.
   */
  POSITIONS("pos_embed"),
  /**
   * Biases. On the direct path those of the attention layers (b_O), at the logits also b_U and the
   * final normalisation's offset, in scores also b_Q, b_K and the offset of ln1. On a path through
   * heads: the b_O of the layers before its first head, and what that head writes whatever it reads
   * (b_V and the offset of ln1).
   */
  BIASES("biases"),
  /** What the MLPs wrote in the run, as constants. */
  MLPS("mlps");

  private final String label;

  Source(String label) {
    this.label = label;
  }

  /**
   * A short name, like those of the residual stream's components.
   *
   * @return {@code embed}, {@code pos_embed}, {@code biases} or {@code mlps}
   */
  public String label() {
    return label;
  }

  @Override
  public String toString() {
    return label;
  }
}
