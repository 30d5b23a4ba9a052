package dev.circuitscope.core.model;

/** How a block normalises the residual stream before it reads it. */
public enum Normalization {
  /** It does not. */
  NONE("none"),
  /** LayerNorm with a trained scale and offset. */
  LN("LN"),
  /** LayerNorm's centring and scaling only: what is left once its weights have been folded. */
  LN_PRE("LNPre"),
  /** RMSNorm with a trained scale: LayerNorm without centring and offset. */
  RMS("RMS"),
  /** RMSNorm's scaling only. */
  RMS_PRE("RMSPre");

  private final String label;

  Normalization(String label) {
    this.label = label;
  }

  /**
   * TransformerLens's name.
   *
   * @return {@code none}, {@code LN}, {@code LNPre}, {@code RMS} or {@code RMSPre}
   */
  public String label() {
    return label;
  }

  /** Whether there is a trained scale. */
  boolean hasWeights() {
    return this == LN || this == RMS;
  }

  /** Whether there is a trained offset. */
  boolean hasOffset() {
    return this == LN;
  }

  /** Whether the mean is taken off first. */
  boolean centres() {
    return this == LN || this == LN_PRE;
  }
}
