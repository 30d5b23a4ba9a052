package dev.circuitscope.core.train;

import dev.circuitscope.core.model.Transformer;

/** Looks at a model while it is trained, for example to follow a score. */
@FunctionalInterface
public interface SnapshotObserver {

  /**
   * Called between two updates. What it throws ends the training.
   *
   * @param step the number of updates made so far
   * @param model the model after them; a copy, which may be kept
   */
  void observe(long step, Transformer model);
}
