package dev.circuitscope.core.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A differentiable function of the logits of a batch; see {@link Transformer#runWithGradients}. */
public interface LogitFunction {

  /**
   * The function's value.
   *
   * @param logits [batch, pos, d_vocab_out]; not to be modified
   * @return its value
   */
  double value(INDArray logits);

  /**
   * The function's gradient.
   *
   * @param logits [batch, pos, d_vocab_out]; not to be modified
   * @return the derivative with respect to each logit, of the same shape
   */
  INDArray gradient(INDArray logits);
}
