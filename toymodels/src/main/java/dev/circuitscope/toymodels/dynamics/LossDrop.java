package dev.circuitscope.toymodels.dynamics;

/**
 * A stretch of a training in which the loss falls faster than on average.
 *
 * @param from index of the snapshot at its beginning
 * @param to index of the snapshot at its end, greater
 */
public record LossDrop(int from, int to) {

  /**
   * Checks the order.
   *
   * @param from index of the snapshot at its beginning
   * @param to index of the snapshot at its end
   * @throws IllegalArgumentException if it does not end after its beginning
   */
  public LossDrop {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException(
          "a loss drop must begin at 0 or later and end after it, was %d to %d"
              .formatted(from, to));
    }
  }

  /**
   * Whether it holds the stretch from one snapshot to the next.
   *
   * @param window index of the earlier of the two
   * @return whether it does
   */
  public boolean contains(int window) {
    return window >= from && window < to;
  }
}
