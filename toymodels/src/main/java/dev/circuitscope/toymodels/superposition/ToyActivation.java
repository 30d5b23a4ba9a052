package dev.circuitscope.toymodels.superposition;

/** What is applied to the decoder's output W^T h + b. */
public enum ToyActivation {
  /** x' = ReLU(W^T W x + b), the model in which superposition appears. */
  RELU_OUTPUT(0f),

  /** x' = W^T W x + b, which learns what PCA learns. */
  LINEAR(Float.NEGATIVE_INFINITY);

  /** Outputs at or below this become 0 and pass no gradient. */
  final float floor;

  ToyActivation(float floor) {
    this.floor = floor;
  }
}
