package dev.circuitscope.core.model;

/** What a multilayer perceptron applies to its neurons. */
public enum Activation {
  /** max(0, x). */
  RELU("relu"),
  /** x Phi(x), with the normal distribution's own integral Phi. */
  GELU("gelu"),
  /** GPT-2's approximation: x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
  GELU_NEW("gelu_new"),
  /** x sigmoid(x). */
  SILU("silu"),
  /** x softmax(x) over the neurons of a position (Softmax Linear Units, section 3). */
  SOLU("solu"),
  /** SoLU followed by a LayerNorm of the neurons (Softmax Linear Units, section 4). */
  SOLU_LN("solu_ln");

  private final String label;

  Activation(String label) {
    this.label = label;
  }

  /**
   * TransformerLens's name.
   *
   * @return for example {@code gelu_new}
   */
  public String label() {
    return label;
  }

  /** Whether a LayerNorm of the neurons follows. */
  boolean normalized() {
    return this == SOLU_LN;
  }
}
