package dev.circuitscope.toymodels.superposition;

/**
 * How a toy model is trained: AdamW on fresh samples.
 *
 * @param steps optimiser steps, possibly 0
 * @param batch fresh samples per step
 * @param learningRate of AdamW
 * @param schedule of the learning rate
 * @param weightDecay of AdamW, decoupled: each step multiplies weights and biases by 1 - rate *
 *     decay
 */
public record ToyTraining(
    int steps, int batch, double learningRate, ToySchedule schedule, double weightDecay) {

  /** The public notebook's: 10,000 steps of 1,024 samples at a constant 1e-3, weight decay 0.01. */
  public static final ToyTraining DEFAULT =
      new ToyTraining(10_000, 1024, 1e-3, ToySchedule.CONSTANT, 0.01);

  /**
   * Checks every component.
   *
   * @param steps optimiser steps
   * @param batch fresh samples per step
   * @param learningRate of AdamW
   * @param schedule of the learning rate
   * @param weightDecay of AdamW
   * @throws IllegalArgumentException naming the component and its value, if one is out of range
   */
  public ToyTraining {
    ToyConfig.check(steps >= 0, "steps must not be negative, was " + steps);
    ToyConfig.check(batch >= 1, "batch must be at least 1, was " + batch);
    ToyConfig.check(
        learningRate > 0 && learningRate < Double.POSITIVE_INFINITY,
        "learningRate must be positive and finite, was " + learningRate);
    ToyConfig.check(schedule != null, "schedule must not be null");
    ToyConfig.check(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weightDecay must be finite and not negative, was " + weightDecay);
  }
}
