package dev.circuitscope.examples.reproduction;

/** How much of a reproduction to do. */
public enum Scale {
  /** Seconds: everything runs, and nothing is found. For tests. */
  TINY,

  /** Minutes on two cores, with models large enough for the findings. */
  STANDARD,

  /** As large as the paper's where that takes an hour at most. */
  FULL
}
