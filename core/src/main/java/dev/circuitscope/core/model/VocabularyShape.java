package dev.circuitscope.core.model;

/**
 * What a model reads and predicts.
 *
 * @param in how many tokens it reads
 * @param out how many it predicts; other than {@code in} for models of tasks
 * @param tied whether the unembedding is the embedding's transpose rather than weights of its own
 */
public record VocabularyShape(int in, int out, boolean tied) {

  /**
   * Checks both sizes.
   *
   * @param in how many tokens it reads
   * @param out how many it predicts
   * @param tied whether the unembedding is the embedding's transpose
   */
  public VocabularyShape {
    TransformerConfig.requireAtLeast(1, "d_vocab", in);
    TransformerConfig.requireAtLeast(1, "d_vocab_out", out);
    if (tied && in != out) {
      throw new IllegalArgumentException(
          "a tied unembedding predicts the " + in + " tokens that are read, not " + out);
    }
  }
}
