package dev.circuitscope.core.text;

import java.util.SplittableRandom;

/**
 * Whole numbers from a smallest to a largest one, both included, to draw from uniformly.
 *
 * @param min smallest
 * @param max largest
 */
public record IntRange(int min, int max) {
  /**
   * Checks the order.
   *
   * @param min smallest
   * @param max largest
   * @throws IllegalArgumentException if the range is empty or has negative numbers
   */
  public IntRange {
    if (min > max || min < 0) {
      throw new IllegalArgumentException(
          "range: %d to %d is empty or has negative numbers".formatted(min, max));
    }
  }

  /**
   * Makes the range of one number.
   *
   * @param value the number
   * @return the range
   */
  public static IntRange of(int value) {
    return new IntRange(value, value);
  }

  int draw(SplittableRandom random) {
    return random.nextInt(min, max + 1);
  }

  @Override
  public String toString() {
    return min == max ? Integer.toString(min) : min + " to " + max;
  }
}
