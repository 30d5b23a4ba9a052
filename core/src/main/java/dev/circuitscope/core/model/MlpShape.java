package dev.circuitscope.core.model;

/**
 * The multilayer perceptron of every block.
 *
 * @param dMlp neurons per block
 * @param activation what is applied to them
 * @param gated whether a second matrix multiplies them: post = f(x W_gate) (x W_in) + b_in, as
 *     TransformerLens has it
 * @param parallel whether it reads the residual stream beside attention instead of after it (GPT-J,
 *     Pythia)
 */
public record MlpShape(int dMlp, Activation activation, boolean gated, boolean parallel) {

  /**
   * Checks the width.
   *
   * @param dMlp neurons per block
   * @param activation what is applied to them
   * @param gated whether a second matrix multiplies them
   * @param parallel whether it reads the residual stream beside attention
   */
  public MlpShape {
    TransformerConfig.requireAtLeast(1, "d_mlp", dMlp);
  }
}
