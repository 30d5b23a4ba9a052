package dev.circuitscope.toymodels.superposition;

/** How a model gets from x to its output, and what that output ought to be. */
public enum ToyArchitecture {
  /** h = W x, x' = W^T h + b, which learns what PCA learns. */
  LINEAR(ToyActivation.LINEAR, false, true),

  /** h = W x, x' = ReLU(W^T h + b), the model in which superposition appears. */
  RELU_OUTPUT(ToyActivation.RELU_OUTPUT, false, true),

  /**
   * h = ReLU(W x), x' = ReLU(W^T h + b): hidden units become neurons, a privileged basis of their
   * space. Section "Superposition in a Privileged Basis".
   */
  RELU_HIDDEN(ToyActivation.RELU_OUTPUT, true, true),

  /**
   * h = ReLU(W1 x), y' = ReLU(W2 h + b), which ought to be y = |x|: two layers that share no
   * weights. Section "Computation in Superposition".
   *
   * <p>Training starts from W2 = |W1|^T, so that output i is positive for both signs of x_i. From
   * independent weights it starts at or below 0 for half of the signs, where the ReLU passes no
   * gradient on, and with sparse features, which seldom lift it from there, about half of all signs
   * are never learned.
   */
  ABSOLUTE_VALUE(ToyActivation.RELU_OUTPUT, true, false);

  private final ToyActivation output;
  private final boolean hiddenRelu;
  private final boolean tied;

  ToyArchitecture(ToyActivation output, boolean hiddenRelu, boolean tied) {
    this.output = output;
    this.hiddenRelu = hiddenRelu;
    this.tied = tied;
  }

  /** The model without a hidden ReLU that has this output. */
  static ToyArchitecture of(ToyActivation output) {
    return output == ToyActivation.LINEAR ? LINEAR : RELU_OUTPUT;
  }

  /**
   * What is applied to the output.
   *
   * @return ReLU or nothing
   */
  public ToyActivation output() {
    return output;
  }

  /**
   * Whether the hidden units are neurons.
   *
   * @return true if a ReLU is applied to them
   */
  public boolean hasHiddenRelu() {
    return hiddenRelu;
  }

  /**
   * Whether the decoder is the encoder's transpose.
   *
   * @return false if both layers have weights of their own
   */
  public boolean isTied() {
    return tied;
  }

  /**
   * What the output ought to be.
   *
   * @param x a feature
   * @return x, or |x|
   */
  public float target(float x) {
    return this == ABSOLUTE_VALUE ? Math.abs(x) : x;
  }
}
