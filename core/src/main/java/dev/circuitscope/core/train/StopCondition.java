package dev.circuitscope.core.train;

/** Says after an update whether to end a training early. */
@FunctionalInterface
public interface StopCondition {

  /**
   * Called after every update.
   *
   * @param step the number of updates made so far
   * @param trainLoss the loss of the last update's batch, in nats
   * @return whether to stop here
   */
  boolean stop(long step, double trainLoss);
}
