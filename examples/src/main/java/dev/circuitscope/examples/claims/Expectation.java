package dev.circuitscope.examples.claims;

import java.util.Locale;

/**
 * What a measured number should be.
 *
 * @param relation to the value
 * @param value finite
 * @param tolerance how far off an {@link Relation#EQUAL} number may be, from 0; 0 for the others
 */
public record Expectation(Relation relation, double value, double tolerance) {

  /**
   * Checks the numbers.
   *
   * @param relation to the value
   * @param value finite
   * @param tolerance how far off an {@link Relation#EQUAL} number may be, from 0; 0 for the others
   */
  public Expectation {
    boolean ranged = relation == Relation.EQUAL;
    if (!Double.isFinite(value) || !(tolerance >= 0) || (!ranged && tolerance != 0)) {
      throw new IllegalArgumentException(
          "an expectation needs a finite value and a tolerance from 0 (0 unless equal), was %s %s, tolerance %s"
              .formatted(relation, value, tolerance));
    }
  }

  /**
   * More than a number.
   *
   * @param value itself not enough
   * @return the expectation
   */
  public static Expectation above(double value) {
    return new Expectation(Relation.ABOVE, value, 0);
  }

  /**
   * Less than a number.
   *
   * @param value itself too much
   * @return the expectation
   */
  public static Expectation below(double value) {
    return new Expectation(Relation.BELOW, value, 0);
  }

  /**
   * A number, give or take.
   *
   * @param value expected
   * @param tolerance how far off it may be, from 0
   * @return the expectation
   */
  public static Expectation equalTo(double value, double tolerance) {
    return new Expectation(Relation.EQUAL, value, tolerance);
  }

  /**
   * Whether a number is as expected.
   *
   * @param measured any number; NaN, for what could not be measured, never is
   * @return whether it is
   */
  public boolean holds(double measured) {
    return switch (relation) {
      case ABOVE -> measured > value;
      case BELOW -> measured < value;
      case EQUAL -> Math.abs(measured - value) <= tolerance;
    };
  }

  /** For example {@code above 0.4} or {@code 0.4 ± 0.02}. */
  @Override
  public String toString() {
    String number = number(value);
    return switch (relation) {
      case ABOVE, BELOW -> relation.label() + " " + number;
      case EQUAL -> tolerance == 0 ? number : number + " ± " + number(tolerance);
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.valueOf(value);
  }
}
