package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;

/** The neurons of an MLP: from what it reads, x, to what its output matrix reads, post. */
interface Neurons {

  /** Adds the steps from x to hook_post. */
  FloatBlock forward(Phases phases, FloatBlock x);

  /** The block for the gradient of post, which {@link #backward} starts from. */
  FloatBlock outputGradient(Tape grads);

  /** Adds the steps to dx = beta dx + the gradient of x. */
  void backward(Phases phases, Tape grads, float beta, FloatBlock dx);

  /** Gradients of the weights, once the steps of {@link #backward} have run. */
  void weightGradients(Rows rows, Weights dWeights, Jobs jobs);
}
