package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jfree.chart.JFreeChart;

/**
 * Builds a plot of points over two axes, in one or several groups.
 *
 * <pre>{@code
 * Figure figure =
 *     new ScatterPlot("What heads match and what they copy")
 *         .x("QK: share of positive eigenvalues")
 *         .y("OV: share of positive eigenvalues")
 *         .points("layer 0", matching0, copying0)
 *         .points("layer 1", matching1, copying1)
 *         .label("L1H4", 0.93, 0.98)
 *         .figure();
 * }</pre>
 *
 * <p>Points of a large group are small and translucent, so that darkness shows how many lie on each
 * other. For eigenvalues, a panel for each matrix, see {@link ComplexPlane}.
 */
public final class ScatterPlot {

  private final String title;
  private final List<Series> groups = new ArrayList<>();
  private final List<LineSpec.Reference> levels = new ArrayList<>();
  private final List<LineSpec.Reference> uprights = new ArrayList<>();
  private final List<ScatterSpec.Named> labels = new ArrayList<>();
  private String xName = "x";
  private String yName = "y";
  private String diagonal = "";
  private boolean logX;
  private boolean logY;
  private LineSpec.Interval xRange;
  private LineSpec.Interval yRange;

  /**
   * A plot without points yet.
   *
   * @param title the title; may be empty
   */
  public ScatterPlot(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Names the x axis.
   *
   * @param name what is on it, with its unit
   * @return this builder
   */
  public ScatterPlot x(String name) {
    xName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Names the y axis.
   *
   * @param name what is on it, with its unit
   * @return this builder
   */
  public ScatterPlot y(String name) {
    yName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Makes the x axis logarithmic; all x values must then be positive.
   *
   * @return this builder
   */
  public ScatterPlot logX() {
    logX = true;
    return this;
  }

  /**
   * Makes the y axis logarithmic; all finite y values must then be positive.
   *
   * @return this builder
   */
  public ScatterPlot logY() {
    logY = true;
    return this;
  }

  /**
   * Fixes the ends of the x axis, which otherwise follow the points.
   *
   * @param low the left end
   * @param high the right end
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public ScatterPlot xRange(double low, double high) {
    xRange = new LineSpec.Interval("xRange", low, high);
    return this;
  }

  /**
   * Fixes the ends of the y axis, which otherwise follow the points.
   *
   * @param low the lower end
   * @param high the upper end
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public ScatterPlot yRange(double low, double high) {
    yRange = new LineSpec.Interval("yRange", low, high);
    return this;
  }

  /**
   * Adds a group in the colour of its place.
   *
   * @param name its name in the legend
   * @param xs finite x values, at least one
   * @param ys as many y values; those that are not finite are left out
   * @return this builder
   * @throws IllegalArgumentException if the values make no {@link Series}, or the name is taken
   */
  public ScatterPlot points(String name, double[] xs, double[] ys) {
    return points(Series.of(name, xs, ys));
  }

  /**
   * Adds a group in its own colour; whether it has markers or dashes does not matter here.
   *
   * @param group the points
   * @return this builder
   * @throws IllegalArgumentException if the name is taken
   */
  public ScatterPlot points(Series group) {
    for (Series other : groups) {
      if (other.name().equals(group.name())) {
        throw new IllegalArgumentException(
            "ScatterPlot: two groups are called '" + group.name() + "'; give each its own name");
      }
    }
    groups.add(group);
    return this;
  }

  /**
   * Writes a text beside a place, such as a point's name, on a side where it covers nothing; a text
   * for which there is no room is left out.
   *
   * @param text what to write
   * @param x where, on the x axis
   * @param y where, on the y axis
   * @return this builder
   * @throws IllegalArgumentException if the place is not finite
   */
  public ScatterPlot label(String text, double x, double y) {
    labels.add(new ScatterSpec.Named(text, x, y));
    return this;
  }

  /**
   * Draws the line on which y equals x; the axes should then have the same unit.
   *
   * @param name its name in the legend
   * @return this builder
   */
  public ScatterPlot diagonal(String name) {
    diagonal = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Draws a level reference line across the plot.
   *
   * @param name its name in the legend
   * @param y where it lies
   * @return this builder
   * @throws IllegalArgumentException if {@code y} is not finite
   */
  public ScatterPlot horizontal(String name, double y) {
    levels.add(new LineSpec.Reference(name, y));
    return this;
  }

  /**
   * Draws an upright reference line through the plot.
   *
   * @param name its name in the legend
   * @param x where it stands
   * @return this builder
   * @throws IllegalArgumentException if {@code x} is not finite
   */
  public ScatterPlot vertical(String name, double x) {
    uprights.add(new LineSpec.Reference(name, x));
    return this;
  }

  /**
   * The figure of everything added so far; later changes to this builder do not reach it.
   *
   * @return the figure
   * @throws IllegalArgumentException if there is no point, or a value that a logarithmic axis
   *     cannot show
   */
  public Figure figure() {
    ScatterSpec spec = spec();
    return Figure.of(560, 500, (g, w, h) -> XyTheme.paint(ScatterChart.of(spec), g, w, h));
  }

  /**
   * The chart behind the figure, to be changed at will and drawn with {@link Figure#of(JFreeChart,
   * int, int)}.
   *
   * @return a new chart
   * @throws IllegalArgumentException as {@link #figure()} does
   */
  public JFreeChart chart() {
    return ScatterChart.of(spec());
  }

  private ScatterSpec spec() {
    if (groups.isEmpty()) {
      throw new IllegalArgumentException(
          "ScatterPlot '" + title + "' has no points; add at least one group");
    }
    return new ScatterSpec(
        title,
        LineSpec.Axis.x(xName, logX, xRange, groups, uprights),
        LineSpec.Axis.y(yName, logY, yRange, groups, levels),
        groups,
        levels,
        uprights,
        labels,
        diagonal);
  }
}
