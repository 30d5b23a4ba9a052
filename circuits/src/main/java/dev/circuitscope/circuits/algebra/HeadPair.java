package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.hook.Head;

/**
 * Two heads of which the second reads what the first writes. Prints as {@code L0H2 -> L1H4}.
 *
 * @param earlier writes
 * @param later reads, in a later layer
 */
public record HeadPair(Head earlier, Head later) {

  /**
   * Checks that the second is in a later layer.
   *
   * @param earlier writes
   * @param later reads, in a later layer
   * @throws IllegalArgumentException if it is not
   */
  public HeadPair {
    if (earlier.layer() >= later.layer()) {
      throw new IllegalArgumentException(
          "%s cannot read what %s writes: it is not in a later layer".formatted(later, earlier));
    }
  }

  @Override
  public String toString() {
    return earlier + " -> " + later;
  }
}
