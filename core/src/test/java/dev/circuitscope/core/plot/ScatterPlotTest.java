package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.stream.IntStream;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.junit.jupiter.api.Test;

class ScatterPlotTest {

  private static final double[] X = {1, 2, 3};
  private static final double[] X0 = {1};

  @Test
  void every_name_is_on_the_figure() {
    Figure figure =
        new ScatterPlot("Heads")
            .x("matching")
            .y("copying")
            .points("layer 0", X, new double[] {3, 2, 1})
            .points("layer 1", X, new double[] {3, 1, 0})
            .label("L1H2", 2, 1)
            .label("at the edge", 3, 0)
            .horizontal("chance", 0.5)
            .vertical("start", 1.5)
            .diagonal("equal")
            .figure();
    assertThat(Svg.of(figure).texts())
        .contains(
            "Heads",
            "matching",
            "copying",
            "layer 0",
            "layer 1",
            "L1H2",
            "at the edge",
            "chance",
            "start",
            "equal");
  }

  @Test
  void points_are_drawn_without_lines_between_them() {
    Figure figure =
        new ScatterPlot("").points("a", new double[] {0, 1}, new double[] {0, 1}).figure();
    BufferedImage image = figure.toImage(1);
    int w = image.getWidth();
    long dark =
        IntStream.of(image.getRGB(0, 0, w, image.getHeight(), null, 0, w))
            .filter(p -> near(new Color(p), Palette.of(0)))
            .count();
    assertThat(dark).as("blue pixels of two points of 7 px").isBetween(30L, 160L);
  }

  private static boolean near(Color a, Color b) {
    return Math.abs(a.getRed() - b.getRed()) < 60
        && Math.abs(a.getGreen() - b.getGreen()) < 60
        && Math.abs(a.getBlue() - b.getBlue()) < 60;
  }

  @Test
  void a_single_group_named_like_the_y_axis_has_no_legend() {
    Figure figure = new ScatterPlot("T").y("score").points("score", X, X).figure();
    assertThat(Svg.of(figure).texts().stream().filter("score"::equals)).hasSize(1);
  }

  @Test
  void axes_hold_all_finite_points_and_fixed_ranges_are_kept() {
    ScatterPlot plot =
        new ScatterPlot("").points("a", X, new double[] {5, Double.NaN, -2}).vertical("end", 9);
    XYPlot fitted = plot.chart().getXYPlot();
    assertThat(fitted.getRangeAxis().getRange().contains(5)).isTrue();
    assertThat(fitted.getRangeAxis().getRange().contains(-2)).isTrue();
    assertThat(fitted.getDomainAxis().getRange().contains(9)).isTrue();
    XYPlot fixed = plot.xRange(0, 4).yRange(-1, 1).chart().getXYPlot();
    assertThat(fixed.getDomainAxis().getRange()).isEqualTo(new Range(0, 4));
    assertThat(fixed.getRangeAxis().getRange()).isEqualTo(new Range(-1, 1));
  }

  @Test
  void labels_never_cover_points_or_each_other() {
    double[] x = IntStream.range(0, 60).mapToDouble(i -> i % 8 + 0.01 * i).toArray();
    double[] y = IntStream.range(0, 60).mapToDouble(i -> i / 8 * 0.1).toArray();
    ScatterPlot plot = new ScatterPlot("").x("").y("").points("", x, y).xRange(-40, 40);
    for (int i = 0; i < x.length; i++) {
      plot.label("name " + i, x[i], y[i]);
    }
    assertThat(Svg.of(plot.figure()).texts().stream().filter(t -> t.startsWith("name")))
        .hasSizeBetween(3, 40)
        .contains("name 0");
  }

  @Test
  void a_thousand_points_are_smaller_and_more_translucent_than_a_few() {
    double[] many = IntStream.range(0, 1000).asDoubleStream().toArray();
    var few = new ScatterPlot("").points("a", X, X).chart().getXYPlot().getRenderer();
    var full = new ScatterPlot("").points("a", many, many).chart().getXYPlot().getRenderer();
    assertThat(full.getSeriesShape(0).getBounds2D().getWidth())
        .isLessThan(few.getSeriesShape(0).getBounds2D().getWidth());
    assertThat(((Color) full.getSeriesPaint(0)).getAlpha())
        .isLessThan(((Color) few.getSeriesPaint(0)).getAlpha());
  }

  @Test
  void logarithmic_axes_refuse_what_has_no_place_there() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScatterPlot("").points("a", new double[] {0}, X0).logX().figure())
        .withMessageContaining("positive");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScatterPlot("").points("a", X0, new double[] {-1}).logY().figure());
  }

  @Test
  void a_plot_without_points_two_groups_of_one_name_and_a_label_nowhere_are_refused() {
    ScatterPlot plot = new ScatterPlot("Nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(plot::figure)
        .withMessageContaining("'Nothing' has no points");
    plot.points("a", X, X);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plot.points("a", X, X))
        .withMessageContaining("'a'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plot.label("b", Double.NaN, 0))
        .withMessageContaining("'b'");
  }

  @Test
  void the_one_liner_draws_all_groups() {
    Figure figure =
        Charts.scatter("T", "x", "y", Series.of("first", X, X), Series.of("second", X, X));
    assertThat(Svg.of(figure).texts()).contains("T", "x", "y", "first", "second");
  }
}
