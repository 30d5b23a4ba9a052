package dev.circuitscope.circuits.attribution;

/**
 * Which examples and positions of a run: a range of each, in the run's own numbers.
 *
 * @param firstExample from 0
 * @param examples how many, at least 1
 * @param firstPosition from 0
 * @param positions how many, at least 1
 */
public record Extent(int firstExample, int examples, int firstPosition, int positions) {

  /**
   * Checks that there is something in it.
   *
   * @param firstExample from 0
   * @param examples how many, at least 1
   * @param firstPosition from 0
   * @param positions how many, at least 1
   * @throws IllegalArgumentException if a first is negative or a number below 1
   */
  public Extent {
    if (firstExample < 0 || firstPosition < 0 || examples < 1 || positions < 1) {
      throw new IllegalArgumentException(
          "an extent has at least one example and one position, from 0 on; was %d examples from %d, %d positions from %d"
              .formatted(examples, firstExample, positions, firstPosition));
    }
  }

  /**
   * One of these examples.
   *
   * @param example in the run's numbers
   * @return that example, the same positions
   * @throws IllegalArgumentException if it is not among these
   */
  public Extent example(int example) {
    if (!hasExample(example)) {
      throw new IllegalArgumentException("example " + example + " is not among " + this);
    }
    return new Extent(example, 1, firstPosition, positions);
  }

  /**
   * A range of these positions.
   *
   * @param from the first, in the run's numbers
   * @param end the one after the last
   * @return the same examples, those positions
   * @throws IllegalArgumentException if the range is empty or not among these
   */
  public Extent positions(int from, int end) {
    if (end <= from || !hasPosition(from) || !hasPosition(end - 1)) {
      throw new IllegalArgumentException(
          "positions from %d to before %d are not among %s".formatted(from, end, this));
    }
    return new Extent(firstExample, examples, from, end - from);
  }

  /**
   * How many positions of how many examples.
   *
   * @return examples times positions
   */
  public int rows() {
    return Math.multiplyExact(examples, positions);
  }

  boolean contains(Extent other) {
    return hasExample(other.firstExample)
        && hasExample(other.firstExample + other.examples - 1)
        && hasPosition(other.firstPosition)
        && hasPosition(other.firstPosition + other.positions - 1);
  }

  /** Where the row of an example and a position is, both in the run's numbers. */
  int row(int example, int position) {
    return (example - firstExample) * positions + position - firstPosition;
  }

  private boolean hasExample(int example) {
    return example >= firstExample && example < firstExample + examples;
  }

  private boolean hasPosition(int position) {
    return position >= firstPosition && position < firstPosition + positions;
  }

  /** For example {@code examples 0 to 1, positions 0 to 14}. */
  @Override
  public String toString() {
    return "examples %d to %d, positions %d to %d"
        .formatted(
            firstExample,
            firstExample + examples - 1,
            firstPosition,
            firstPosition + positions - 1);
  }
}
