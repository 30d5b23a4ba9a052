package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jfree.chart.JFreeChart;

/**
 * Builds a plot of one or several lines over common axes.
 *
 * <pre>{@code
 * Figure loss =
 *     new LinePlot("Training loss")
 *         .x("tokens seen").logX()
 *         .y("loss", "nats/token")
 *         .line("1 layer", tokens, loss1)
 *         .line("2 layers", tokens, loss2)
 *         .band("phase change", 2.5e9, 5e9)
 *         .figure();
 * }</pre>
 *
 * <p>The legend, under the title, names every line, band and reference line; a single line that has
 * the name of its axis needs none.
 */
public final class LinePlot {

  private final String title;
  private final List<Series> series = new ArrayList<>();
  private final List<LineSpec.Interval> bands = new ArrayList<>();
  private final List<LineSpec.Reference> levels = new ArrayList<>();
  private final List<LineSpec.Reference> uprights = new ArrayList<>();
  private String xName = "x";
  private String yName = "y";
  private boolean logX;
  private boolean logY;
  private LineSpec.Interval xRange;
  private LineSpec.Interval yRange;

  /**
   * A plot without lines yet.
   *
   * @param title the title; may be empty
   */
  public LinePlot(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Names the x axis.
   *
   * @param name what is on it
   * @return this builder
   */
  public LinePlot x(String name) {
    xName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Names the x axis.
   *
   * @param name what is on it
   * @param unit its unit, written behind the name in brackets
   * @return this builder
   */
  public LinePlot x(String name, String unit) {
    return x(name + " (" + unit + ")");
  }

  /**
   * Names the y axis.
   *
   * @param name what is on it
   * @return this builder
   */
  public LinePlot y(String name) {
    yName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Names the y axis.
   *
   * @param name what is on it
   * @param unit its unit, written behind the name in brackets
   * @return this builder
   */
  public LinePlot y(String name, String unit) {
    return y(name + " (" + unit + ")");
  }

  /**
   * Makes the x axis logarithmic; all x values must then be positive.
   *
   * @return this builder
   */
  public LinePlot logX() {
    logX = true;
    return this;
  }

  /**
   * Makes the y axis logarithmic; all finite y values must then be positive.
   *
   * @return this builder
   */
  public LinePlot logY() {
    logY = true;
    return this;
  }

  /**
   * Fixes the ends of the x axis, which otherwise follow the lines.
   *
   * @param low the left end
   * @param high the right end
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public LinePlot xRange(double low, double high) {
    xRange = new LineSpec.Interval("xRange", low, high);
    return this;
  }

  /**
   * Fixes the ends of the y axis, which otherwise follow the lines.
   *
   * @param low the lower end
   * @param high the upper end
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public LinePlot yRange(double low, double high) {
    yRange = new LineSpec.Interval("yRange", low, high);
    return this;
  }

  /**
   * Adds a line in the colour of its place.
   *
   * @param name its name in the legend
   * @param xs finite x values, at least one
   * @param ys as many y values; NaN or an infinity leaves a gap
   * @return this builder
   * @throws IllegalArgumentException if the values make no {@link Series}
   */
  public LinePlot line(String name, double[] xs, double[] ys) {
    return add(Series.of(name, xs, ys));
  }

  /**
   * Adds lines with their own colours, markers and dashes.
   *
   * @param series the lines; names must differ
   * @return this builder
   * @throws IllegalArgumentException if a name is taken
   */
  public LinePlot add(Series... series) {
    for (Series one : series) {
      for (Series other : this.series) {
        if (other.name().equals(one.name())) {
          throw new IllegalArgumentException(
              "LinePlot: two series are called '" + one.name() + "'; give each its own name");
        }
      }
      this.series.add(one);
    }
    return this;
  }

  /**
   * Shades a range of x, such as the phase change.
   *
   * @param label its name in the legend
   * @param from where it begins
   * @param to where it ends
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public LinePlot band(String label, double from, double to) {
    bands.add(new LineSpec.Interval(label, from, to));
    return this;
  }

  /**
   * Draws a level reference line across the plot.
   *
   * @param label its name in the legend
   * @param y where it lies
   * @return this builder
   * @throws IllegalArgumentException if {@code y} is not finite
   */
  public LinePlot horizontal(String label, double y) {
    levels.add(new LineSpec.Reference(label, y));
    return this;
  }

  /**
   * Draws an upright reference line through the plot.
   *
   * @param label its name in the legend
   * @param x where it stands
   * @return this builder
   * @throws IllegalArgumentException if {@code x} is not finite
   */
  public LinePlot vertical(String label, double x) {
    uprights.add(new LineSpec.Reference(label, x));
    return this;
  }

  /**
   * The figure of everything added so far; later changes to this builder do not reach it.
   *
   * @return the figure
   * @throws IllegalArgumentException if there is no line, or a value that a logarithmic axis cannot
   *     show
   */
  public Figure figure() {
    return Figure.of(new LineDrawing(spec()));
  }

  /**
   * The chart behind the figure, to be changed at will and drawn with {@link Figure#of(JFreeChart,
   * int, int)}.
   *
   * @return a new chart
   * @throws IllegalArgumentException as {@link #figure()} does
   */
  public JFreeChart chart() {
    return LineChart.of(spec());
  }

  private LineSpec spec() {
    return new LineSpec(
        title,
        LineSpec.Axis.x(xName, logX, xRange, series, uprights),
        LineSpec.Axis.y(yName, logY, yRange, series, levels),
        List.copyOf(series),
        List.copyOf(bands),
        List.copyOf(levels),
        List.copyOf(uprights));
  }
}
