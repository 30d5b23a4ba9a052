package dev.circuitscope.core.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jfree.chart.JFreeChart;

/**
 * Builds a histogram of one or several samples over common bins.
 *
 * <pre>{@code
 * Figure figure =
 *     new Histogram("Copying heads")
 *         .x("sum of eigenvalues over sum of magnitudes")
 *         .range(-1, 1)
 *         .sample("random matrices", chance)
 *         .sample("heads", statistics)
 *         .figure();
 * }</pre>
 *
 * <p>A single sample shows counts. Several, which may be of very different sizes, show the share of
 * each sample that falls into a bin, later ones in front of earlier ones and translucent.
 */
public final class Histogram {

  private static final int DEFAULT_BINS = 40;

  private final String title;
  private final List<String> names = new ArrayList<>();
  private final List<double[]> samples = new ArrayList<>();
  private final List<LineSpec.Reference> marks = new ArrayList<>();
  private String xName = "value";
  private int bins = DEFAULT_BINS;
  private LineSpec.Interval range;

  /**
   * A histogram without samples yet.
   *
   * @param title the title; may be empty
   */
  public Histogram(String title) {
    this.title = Objects.requireNonNull(title, "title");
  }

  /**
   * Names the x axis.
   *
   * @param name what the values are, with their unit
   * @return this builder
   */
  public Histogram x(String name) {
    xName = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets the number of bins, 40 unless set.
   *
   * @param count bins between the ends of the x axis, at least 1
   * @return this builder
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public Histogram bins(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("Histogram: " + count + " bins; use at least 1");
    }
    bins = count;
    return this;
  }

  /**
   * Fixes the ends of the x axis, which otherwise follow the values. Values outside are counted in
   * the nearer bin.
   *
   * @param low the left end
   * @param high the right end
   * @return this builder
   * @throws IllegalArgumentException if the ends are not finite and in order
   */
  public Histogram range(double low, double high) {
    range = new LineSpec.Interval("range", low, high);
    return this;
  }

  /**
   * Adds a sample in the colour of its place.
   *
   * @param name its name in the legend
   * @param values at least one, all finite; copied
   * @return this builder
   * @throws IllegalArgumentException if there is no value, one is not finite, or the name is taken
   */
  public Histogram sample(String name, double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException(
          "Histogram: sample '" + name + "' is empty; give at least one value");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "Histogram: value %d of sample '%s' is %s; it must be finite"
                .formatted(i, name, values[i]));
      }
    }
    if (names.contains(name)) {
      throw new IllegalArgumentException(
          "Histogram: two samples are called '" + name + "'; give each its own name");
    }
    names.add(Objects.requireNonNull(name, "name"));
    samples.add(values.clone());
    return this;
  }

  /**
   * Draws an upright reference line.
   *
   * @param name its name in the legend
   * @param x where it stands
   * @return this builder
   * @throws IllegalArgumentException if {@code x} is not finite
   */
  public Histogram vertical(String name, double x) {
    marks.add(new LineSpec.Reference(name, x));
    return this;
  }

  /**
   * The figure of everything added so far; later changes to this builder do not reach it.
   *
   * @return the figure
   * @throws IllegalArgumentException if there is no sample
   */
  public Figure figure() {
    HistogramSpec spec = spec();
    return Figure.of(720, 360, (g, w, h) -> XyTheme.paint(HistogramChart.of(spec), g, w, h));
  }

  /**
   * The chart behind the figure, to be changed at will and drawn with {@link Figure#of(JFreeChart,
   * int, int)}.
   *
   * @return a new chart
   * @throws IllegalArgumentException if there is no sample
   */
  public JFreeChart chart() {
    return HistogramChart.of(spec());
  }

  private HistogramSpec spec() {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(
          "Histogram '" + title + "' has no sample; add at least one");
    }
    LineSpec.Interval shown = range != null ? range : fitting();
    List<HistogramSpec.Sample> counted = new ArrayList<>();
    for (int i = 0; i < samples.size(); i++) {
      counted.add(
          HistogramSpec.Sample.of(
              names.get(i), samples.get(i), shown.from(), shown.to(), bins, samples.size() > 1));
    }
    return new HistogramSpec(title, xName, shown.from(), shown.to(), counted, marks);
  }

  private LineSpec.Interval fitting() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (double[] sample : samples) {
      for (double value : sample) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    double room = high > low ? 0 : Math.max(0.5, 0.1 * Math.abs(low));
    return new LineSpec.Interval("range", low - room, high + room);
  }
}
