package dev.circuitscope.examples.report;

import dev.circuitscope.circuits.sampling.SampleMean;
import java.util.Locale;

/** How numbers are written in tables and texts: the same everywhere, and never as {@code -0.00}. */
public final class Numbers {

  private Numbers() {}

  /**
   * With two decimals.
   *
   * @param value any number
   * @return for example {@code 0.83}
   */
  public static String two(double value) {
    return unsignedZero(String.format(Locale.ROOT, "%.2f", value));
  }

  /**
   * With three decimals.
   *
   * @param value any number
   * @return for example {@code 0.831}
   */
  public static String three(double value) {
    return unsignedZero(String.format(Locale.ROOT, "%.3f", value));
  }

  /**
   * As a percentage without decimals.
   *
   * @param share of 1
   * @return for example {@code 83%}
   */
  public static String percent(double share) {
    return unsignedZero(String.format(Locale.ROOT, "%.0f", 100 * share)) + "%";
  }

  /**
   * A count with commas between thousands.
   *
   * @param value any number
   * @return for example {@code 2,400}
   */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /**
   * A mean and its standard error, with three decimals.
   *
   * @param mean of samples
   * @return for example {@code 0.831 ± 0.004}
   */
  public static String mean(SampleMean mean) {
    return String.format(Locale.ROOT, "%.3f ± %.3f", mean.mean(), mean.standardError());
  }

  private static String unsignedZero(String number) {
    return number.replaceFirst("^-(0(\\.0+)?)$", "$1");
  }
}
