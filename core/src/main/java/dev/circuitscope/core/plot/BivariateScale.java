package dev.circuitscope.core.plot;

import java.awt.Color;
import java.util.Objects;

/** Two numbers as one colour: strength from white, hue from blue to vermilion. */
record BivariateScale(String strengthName, double mostStrength, String hueName, double mostHue) {

  BivariateScale {
    Objects.requireNonNull(strengthName, "strengthName");
    Objects.requireNonNull(hueName, "hueName");
    requirePositive(strengthName, mostStrength);
    requirePositive(hueName, mostHue);
  }

  private static void requirePositive(String name, double most) {
    if (!(most > 0) || Double.isInfinite(most)) {
      throw new IllegalArgumentException(
          "BivariateMap: '%s' up to %s; it must be positive and finite".formatted(name, most));
    }
  }

  Color of(double strength, double hue) {
    Color full = mix(Palette.of(0), Palette.of(1), Math.min(1, hue / mostHue));
    return mix(Theme.PAPER, full, Math.min(1, strength / mostStrength));
  }

  private static Color mix(Color from, Color to, double share) {
    return new Color(
        mix(from.getRed(), to.getRed(), share),
        mix(from.getGreen(), to.getGreen(), share),
        mix(from.getBlue(), to.getBlue(), share));
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + share * (to - from));
  }
}
