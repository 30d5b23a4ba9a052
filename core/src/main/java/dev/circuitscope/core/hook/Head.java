package dev.circuitscope.core.hook;

import java.util.Comparator;

/**
 * An attention head of a model. Prints as {@code L0H3}.
 *
 * @param layer the block, from 0
 * @param head within the block, from 0
 */
public record Head(int layer, int head) implements Comparable<Head> {

  private static final Comparator<Head> ORDER =
      Comparator.comparingInt(Head::layer).thenComparingInt(Head::head);

  /**
   * Checks that both are at least 0.
   *
   * @param layer the block, from 0
   * @param head within the block, from 0
   * @throws IllegalArgumentException if one is negative
   */
  public Head {
    if (layer < 0 || head < 0) {
      throw new IllegalArgumentException(
          "layers and heads are counted from 0, was layer " + layer + ", head " + head);
    }
  }

  /** Orders by layer, then by head. */
  @Override
  public int compareTo(Head other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "L" + layer + "H" + head;
  }
}
