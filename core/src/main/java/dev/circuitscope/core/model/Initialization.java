package dev.circuitscope.core.model;

/**
 * Standard deviations of the normal distributions that new weights are drawn from. Biases start at
 * 0, LayerNorm scales at 1.
 *
 * <p>How large embeddings and positions are at the start decides most about whether induction heads
 * form early: at 0.02 attention stays uniform for millions of tokens.
 *
 * @param embedding of W_E and W_pos
 * @param attentionGain of W_Q, W_K, W_V and W_O, times 1 / sqrt(d_model)
 * @param mlpGain of W_in and W_gate, times 1 / sqrt(d_model), and of W_out, times 1 / sqrt(d_mlp)
 * @param unembeddingGain of W_U, times 1 / sqrt(d_model)
 */
public record Initialization(
    double embedding, double attentionGain, double mlpGain, double unembeddingGain) {

  /** What makes induction heads form within minutes on small models. */
  public static final Initialization DEFAULT = new Initialization(0.3, 0.7, 0.7, 0.7);

  /**
   * Checks that all are finite and not negative.
   *
   * @param embedding of W_E and W_pos
   * @param attentionGain of W_Q, W_K, W_V and W_O, times 1 / sqrt(d_model)
   * @param mlpGain of W_in and W_gate, times 1 / sqrt(d_model), and of W_out, times 1 / sqrt(d_mlp)
   * @param unembeddingGain of W_U, times 1 / sqrt(d_model)
   */
  public Initialization {
    for (double d : new double[] {embedding, attentionGain, mlpGain, unembeddingGain}) {
      if (!(d >= 0 && d < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("an initial scale is a finite number from 0, was " + d);
      }
    }
  }
}
