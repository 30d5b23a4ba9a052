package dev.circuitscope.core.plot;

import java.awt.Color;

/** Maps the interval from 0 to 1 to colours. */
public enum ColorMap {
  /** Viridis, from dark violet to yellow, for magnitudes: equal steps look equal. */
  VIRIDIS(0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725),

  /** Blue for negative, near white for zero (at 0.5), red for positive values. */
  DIVERGING(
      0x0B2A6B, 0x2860B0, 0x6FA3D8, 0xBFD7EE, 0xF7F7F7, 0xF6CDBE, 0xE68A72, 0xC23B3A, 0x7A0B21);

  private final int[] anchors;

  ColorMap(int... anchors) {
    this.anchors = anchors;
  }

  /**
   * The colour at {@code t}, interpolated between equally spaced anchor colours in sRGB.
   *
   * @param t the place on the map; values outside 0 to 1 get the colour of the nearer end
   * @return the colour
   * @throws IllegalArgumentException if {@code t} is not a number
   */
  public Color at(double t) {
    if (Double.isNaN(t)) {
      throw new IllegalArgumentException("ColorMap.at: NaN has no colour; draw it in grey");
    }
    double place = Math.min(1, Math.max(0, t)) * (anchors.length - 1);
    int below = Math.min((int) place, anchors.length - 2);
    double f = place - below;
    int a = anchors[below];
    int b = anchors[below + 1];
    return new Color(mix(a >> 16, b >> 16, f), mix(a >> 8, b >> 8, f), mix(a, b, f));
  }

  private static int mix(int a, int b, double f) {
    int from = a & 0xFF;
    int to = b & 0xFF;
    return (int) Math.round(from + f * (to - from));
  }
}
