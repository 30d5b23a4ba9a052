package dev.circuitscope.toymodels.superposition;

/** Hears of a training's progress. */
@FunctionalInterface
public interface TrainingListener {

  /**
   * Called whenever a loss is recorded, by one thread at a time but not always the same one. An
   * exception thrown here ends the training.
   *
   * @param instance which one
   * @param step the number of its optimiser steps made so far
   * @param loss the mean batch loss since the last call for this instance
   */
  void onLoss(int instance, int step, double loss);
}
