package dev.circuitscope.core.model;

/**
 * What has been done to a model's weights without changing its predictions. {@code core.processing}
 * does it.
 */
public enum Processing {
  /** Normalisations have no weights any more: they are in the weights that read them. */
  FOLD_LAYER_NORM("fold_ln"),
  /** Whatever is written to the residual stream has mean 0. */
  CENTER_WRITING_WEIGHTS("center_writing_weights"),
  /** Logits have mean 0. */
  CENTER_UNEMBEDDING("center_unembed"),
  /** Values have no biases any more: they are in attention's output bias. */
  FOLD_VALUE_BIASES("fold_value_biases");

  private final String label;

  Processing(String label) {
    this.label = label;
  }

  /**
   * TransformerLens's name.
   *
   * @return for example {@code fold_ln}
   */
  public String label() {
    return label;
  }

  @Override
  public String toString() {
    return label;
  }
}
