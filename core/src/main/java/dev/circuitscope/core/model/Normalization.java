package dev.circuitscope.core.model;

/** How a block normalises the residual stream before it reads it. */
public enum Normalization {
  /** It does not. */
  NONE("none"),
  /** LayerNorm with a trained scale and offset. */
  LN("LN"),
  /** LayerNorm's centring and scaling only: what is left once its weights have been folded. */
  LN_PRE("LNPre");

  private final String label;

  Normalization(String label) {
    this.label = label;
  }

  /**
   * TransformerLens's name.
   *
   * @return {@code none}, {@code LN} or {@code LNPre}
   */
  public String label() {
    return label;
  }

  boolean hasWeights() {
    return this == LN;
  }
}
