package dev.circuitscope.core.plot;

import java.util.stream.IntStream;

/**
 * Where a magnitude lies between the centre, 0, and the edge, 1, of a panel.
 *
 * @param centre what lies at the centre: 0 if the scale is linear
 * @param edge what lies at the outermost ring, a little inside of the edge
 */
record RadiusScale(double centre, double edge) {

  private static final int MOST_RINGS = 4;
  private static final double OUTERMOST = 0.9;

  /** Linear up to a magnitude for 0 decades, else over so many powers of ten, the last above it. */
  static RadiusScale upTo(double longest, int decades) {
    if (decades == 0) {
      return new RadiusScale(0, longest);
    }
    double edge = Math.pow(10, Math.ceil(Math.log10(longest) - 1e-9));
    return new RadiusScale(edge / Math.pow(10, decades), edge);
  }

  double of(double magnitude) {
    if (centre == 0) {
      return OUTERMOST * magnitude / edge;
    }
    return magnitude <= centre
        ? 0
        : OUTERMOST * Math.log(magnitude / centre) / Math.log(edge / centre);
  }

  /** Magnitudes to draw rings at, without the centre, the largest first. */
  double[] rings() {
    if (centre == 0) {
      double[] ticks = Ticks.linear(0, edge, MOST_RINGS);
      return IntStream.range(1, ticks.length).mapToDouble(i -> ticks[ticks.length - i]).toArray();
    }
    int decades = (int) Math.round(Math.log10(edge / centre));
    int stride = (decades + MOST_RINGS - 1) / MOST_RINGS;
    int top = (int) Math.round(Math.log10(edge));
    // Down from the edge, so that the largest numbers always have a ring.
    return IntStream.range(0, decades)
        .filter(i -> i % stride == 0)
        .mapToDouble(i -> Math.pow(10, top - i))
        .toArray();
  }
}
