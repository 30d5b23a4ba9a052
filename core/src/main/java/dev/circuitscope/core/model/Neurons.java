package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;

/** The neurons of an MLP: from what it reads, x, to what its output matrix reads, post. */
interface Neurons {

  /** Adds the steps from x to hook_post. */
  FloatBlock forward(Phases phases, FloatBlock x);

  /** The block for the gradient of post, which {@link #backward} starts from. */
  FloatBlock outputGradient(Tape grads);

  /** Adds the steps to dx = beta dx + the gradient of x, and those to a norm's weights'. */
  void backward(Phases phases, Tape grads, float beta, FloatBlock dx, Weights dWeights, Jobs jobs);

  /** Gradients of the matrices and biases, from what {@link #backward} leaves. */
  void weightGradients(Tape grads, Weights dWeights, Jobs jobs);
}
