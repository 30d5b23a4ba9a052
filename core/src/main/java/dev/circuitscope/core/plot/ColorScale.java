package dev.circuitscope.core.plot;

import java.awt.Color;

/** A colour map over the values from {@code low} to {@code high}. */
record ColorScale(ColorMap map, double low, double high) {

  ColorScale {
    if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "Colour range ["
              + low
              + ", "
              + high
              + "]: the ends must be finite and the first smaller");
    }
  }

  /** Viridis from 0 to 1. */
  static ColorScale unit() {
    return new ColorScale(ColorMap.VIRIDIS, 0, 1);
  }

  /** Blue-white-red from {@code -limit} to {@code limit}. */
  static ColorScale signed(double limit) {
    return new ColorScale(ColorMap.DIVERGING, -limit, limit);
  }

  /** Signed about zero if anything is negative, otherwise viridis from zero to the largest. */
  static ColorScale fitting(double[]... values) {
    double least = 0;
    double most = 0;
    for (double[] row : values) {
      for (double v : row) {
        if (Double.isFinite(v)) {
          least = Math.min(least, v);
          most = Math.max(most, v);
        }
      }
    }
    if (least < 0) {
      return signed(Math.max(-least, most));
    }
    return new ColorScale(ColorMap.VIRIDIS, 0, most == 0 ? 1 : most);
  }

  /** The colour of a value; grey if it is not finite. */
  Color of(double value) {
    return Double.isFinite(value) ? map.at((value - low) / (high - low)) : Theme.MISSING;
  }
}
