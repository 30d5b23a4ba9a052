package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.sampling.SampleMean;
import java.util.Locale;

/** How numbers are written in tables and texts. */
final class Numbers {

  private Numbers() {}

  static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value).replaceFirst("^-(0\\.0+)$", "$1");
  }

  static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value).replaceFirst("^-(0\\.0+)$", "$1");
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }

  static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  static String mean(SampleMean mean) {
    return String.format(Locale.ROOT, "%.3f ± %.3f", mean.mean(), mean.standardError());
  }
}
