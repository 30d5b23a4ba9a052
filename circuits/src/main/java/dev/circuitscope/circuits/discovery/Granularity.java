package dev.circuitscope.circuits.discovery;

/** What pruning removes at once. */
public enum Granularity {
  /** Edges into queries, keys and values of a head one by one. */
  QUERIES_KEYS_VALUES,
  /**
   * All edges from a sender into a head together; keys and values that a group of heads shares are
   * its first head's.
   */
  HEADS
}
