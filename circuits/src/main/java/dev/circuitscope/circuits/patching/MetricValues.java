package dev.circuitscope.circuits.patching;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Values of metrics, which must be numbers. */
final class MetricValues {

  private MetricValues() {}

  static double of(Metric metric, INDArray logits, String run) {
    double value = metric.of(logits);
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(
          "the metric '%s' is NaN on %s; it must be a number on every run"
              .formatted(metric.label(), run));
    }
    return value;
  }
}
