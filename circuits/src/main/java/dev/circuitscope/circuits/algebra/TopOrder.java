package dev.circuitscope.circuits.algebra;

/** Which entries of a matrix come first. */
public enum TopOrder {
  /** The largest values. */
  LARGEST,
  /** The smallest values: the most negative. */
  SMALLEST,
  /** The values that are farthest from 0, of either sign. */
  MAGNITUDE;

  /** What grows with the rank of a value. */
  double key(double value) {
    return switch (this) {
      case LARGEST -> value;
      case SMALLEST -> -value;
      case MAGNITUDE -> Math.abs(value);
    };
  }
}
