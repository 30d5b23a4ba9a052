package dev.circuitscope.core.plot;

import java.util.Objects;

/**
 * A named line of a {@link LinePlot}.
 *
 * @param name its name in the legend
 * @param x finite x values, at least one, in the order the line is drawn
 * @param y as many y values; NaN or an infinity leaves a gap
 * @param color key of its colour in {@link Palette}, or {@link #BY_POSITION}
 * @param markers whether each point is marked
 * @param dashed whether the line is dashed
 */
public record Series(
    String name, double[] x, double[] y, int color, boolean markers, boolean dashed) {

  /** Colour key of a series that takes the colour of its place in the plot. */
  public static final int BY_POSITION = -1;

  /**
   * Checks and copies the values.
   *
   * @param name its name in the legend
   * @param x finite x values, at least one, in the order the line is drawn
   * @param y as many y values; NaN or an infinity leaves a gap
   * @param color key of its colour in {@link Palette}, or {@link #BY_POSITION}
   * @param markers whether each point is marked
   * @param dashed whether the line is dashed
   * @throws IllegalArgumentException if there are no points, the lengths differ, an x is not
   *     finite, no y is finite, or the colour key is below {@link #BY_POSITION}
   */
  public Series {
    Objects.requireNonNull(name, "name");
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "Series '%s': %d x values but %d y values".formatted(name, x.length, y.length));
    }
    if (x.length == 0) {
      throw new IllegalArgumentException("Series '" + name + "' is empty; give at least one point");
    }
    x = x.clone();
    y = y.clone();
    boolean anyFinite = false;
    for (int i = 0; i < x.length; i++) {
      if (!Double.isFinite(x[i])) {
        throw new IllegalArgumentException(
            "Series '%s': x[%d] is %s; x must be finite".formatted(name, i, x[i]));
      }
      anyFinite |= Double.isFinite(y[i]);
    }
    if (!anyFinite) {
      throw new IllegalArgumentException(
          "Series '" + name + "': none of its " + y.length + " y values is finite");
    }
    if (color < BY_POSITION) {
      throw new IllegalArgumentException(
          "Series '" + name + "': colour key " + color + "; use 0 or more");
    }
  }

  /**
   * A solid line in the colour of its place in the plot.
   *
   * @param name its name in the legend
   * @param x finite x values, at least one
   * @param y as many y values; NaN or an infinity leaves a gap
   * @return the series
   * @throws IllegalArgumentException as the constructor does
   */
  public static Series of(String name, double[] x, double[] y) {
    return new Series(name, x, y, BY_POSITION, false, false);
  }

  /**
   * A solid line over 0, 1, 2 and so on.
   *
   * @param name its name in the legend
   * @param y at least one value; NaN or an infinity leaves a gap
   * @return the series
   * @throws IllegalArgumentException as the constructor does
   */
  public static Series of(String name, double[] y) {
    double[] x = new double[y.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
    }
    return of(name, x, y);
  }

  /**
   * The x values.
   *
   * @return a copy
   */
  @Override
  public double[] x() {
    return x.clone();
  }

  /**
   * The y values.
   *
   * @return a copy
   */
  @Override
  public double[] y() {
    return y.clone();
  }

  /**
   * The same series in the colour of a key.
   *
   * @param key key of {@link Palette#of(int)}; from {@link Palette#size()} on, lines are dashed too
   * @return the coloured series
   * @throws IllegalArgumentException if the key is negative
   */
  public Series withColor(int key) {
    if (key < 0) {
      throw new IllegalArgumentException(
          "Series '" + name + "': colour key " + key + "; use 0 or more");
    }
    return new Series(name, x, y, key, markers, dashed);
  }

  /**
   * The same series with its points marked.
   *
   * @return the marked series
   */
  public Series withMarkers() {
    return new Series(name, x, y, color, true, dashed);
  }

  /**
   * The same series as a dashed line.
   *
   * @return the dashed series
   */
  public Series withDashes() {
    return new Series(name, x, y, color, markers, true);
  }
}
