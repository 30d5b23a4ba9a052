package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.model.LogitFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A metric with a gradient, as attribution patching needs it. */
public interface DifferentiableMetric extends Metric, LogitFunction {

  @Override
  default double value(INDArray logits) {
    return of(logits);
  }
}
