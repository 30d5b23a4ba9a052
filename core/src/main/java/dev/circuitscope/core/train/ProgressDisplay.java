package dev.circuitscope.core.train;

/** Whether a training shows a progress bar on standard error. */
public enum ProgressDisplay {
  /** If the program runs at a terminal. */
  AUTO,
  /** Always. */
  ON,
  /** Never. */
  OFF
}
