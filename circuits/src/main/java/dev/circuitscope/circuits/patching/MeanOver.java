package dev.circuitscope.circuits.patching;

/** What a mean ablation averages activations over. */
public enum MeanOver {
  /** Reference sequences only: every position has its own mean. */
  SEQUENCES,
  /** Reference sequences and positions: one mean for all positions. */
  SEQUENCES_AND_POSITIONS
}
