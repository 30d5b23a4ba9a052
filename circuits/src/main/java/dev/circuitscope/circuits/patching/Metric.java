package dev.circuitscope.circuits.patching;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A number that says what a model does on a batch: any function of its logits.
 *
 * <pre>{@code
 * Metric difference = Metrics.logitDifference(correct, incorrect);
 * Metric own        = logits -> logits.getDouble(0, 5, 17);
 * }</pre>
 */
@FunctionalInterface
public interface Metric {

  /**
   * Measures.
   *
   * @param logits [batch, pos, d_vocab_out]; valid only during the call and not to be modified
   * @return the value
   */
  double of(INDArray logits);

  /**
   * Whether the metric looks at a position. Those that it does not look at need not be computed:
   * they may hold the logits of a run without the intervention.
   *
   * @param position from 0
   * @param length of the sequences
   * @return true unless overridden
   */
  default boolean reads(int position, int length) {
    return true;
  }

  /**
   * What tables and JSON call the metric.
   *
   * @return a few words
   */
  default String label() {
    return "metric";
  }
}
