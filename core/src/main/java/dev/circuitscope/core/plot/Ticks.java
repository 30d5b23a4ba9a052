package dev.circuitscope.core.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Round numbers along an axis, and how numbers are written in figures. */
final class Ticks {

  private static final String[] SUFFIXES = {"", "k", "M", "B", "T"};

  private Ticks() {}

  /** Multiples of 1, 2 or 5 times a power of ten within the interval, at most {@code most}. */
  static double[] linear(double low, double high, int most) {
    double step = step((high - low) / most);
    long first;
    long last;
    while (true) {
      first = (long) Math.ceil(low / step - 1e-9);
      last = (long) Math.floor(high / step + 1e-9);
      if (last - first < most) {
        break;
      }
      step = step(1.5 * step);
    }
    double[] ticks = new double[(int) (last - first + 1)];
    for (int i = 0; i < ticks.length; i++) {
      ticks[i] = new BigDecimal((first + i) * step).round(new MathContext(12)).doubleValue();
    }
    return ticks;
  }

  /** The smallest of 1, 2, 5 times a power of ten that is at least {@code atLeast}. */
  static double step(double atLeast) {
    double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= atLeast * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Short and exact to six digits: {@code 0.25}, {@code 10k}, {@code 2.5M}, {@code 1e-4}. */
  static String format(double value) {
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (!Double.isFinite(value) || size >= 1e15) {
      return String.format(Locale.ROOT, "%.3g", value);
    }
    if (size < 1e-3) {
      int exponent = (int) Math.floor(Math.log10(size) + 1e-9);
      return plain(value / Math.pow(10, exponent), 4) + "e" + exponent;
    }
    int thousands = 0;
    while (size >= 1000 * (1 - 1e-12) && thousands < SUFFIXES.length - 1) {
      size /= 1000;
      thousands++;
    }
    return plain(Math.copySign(size, value), 6) + SUFFIXES[thousands];
  }

  private static String plain(double value, int digits) {
    BigDecimal rounded =
        new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }

  /** A value in a cell: two decimals below 10, fewer above, no negative zero. */
  static String cell(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    double size = Math.abs(value);
    if (size >= 1000) {
      return format(new BigDecimal(value).round(new MathContext(3)).doubleValue());
    }
    String text =
        String.format(Locale.ROOT, size >= 99.95 ? "%.0f" : size >= 9.995 ? "%.1f" : "%.2f", value);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
