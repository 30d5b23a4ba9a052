package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.jfree.chart.plot.XYPlot;
import org.jfree.data.Range;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LinePlotTest {

  private static final double[] X = {1, 2, 3};

  private static long pixels(Figure figure, Color color) {
    BufferedImage image = figure.toImage(1);
    int[] rgb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return IntStream.of(rgb).filter(p -> p == color.getRGB()).count();
  }

  @Test
  void every_name_is_on_the_figure() {
    Figure figure =
        new LinePlot("Loss & more <1>")
            .x("tokens", "millions")
            .y("loss", "nats/token")
            .line("1 layer", X, new double[] {3, 2, 1})
            .line("2 layers", X, new double[] {3, 1, 0})
            .band("phase change", 1.5, 2.5)
            .horizontal("entropy", 2.2)
            .vertical("warm-up", 1.2)
            .figure();
    assertThat(Svg.of(figure).texts())
        .contains(
            "Loss & more <1>",
            "tokens (millions)",
            "loss (nats/token)",
            "1 layer",
            "2 layers",
            "phase change",
            "entropy",
            "warm-up");
  }

  @Test
  void a_single_line_named_like_its_axis_has_no_legend() {
    Figure figure = Charts.line("T", "step", "loss", new double[] {2, 1});
    assertThat(Svg.of(figure).texts().stream().filter("loss"::equals)).hasSize(1);
  }

  @Test
  void a_series_has_the_colour_of_its_key_or_of_its_place() {
    Figure figure =
        Charts.lines(
            "T",
            "x",
            "y",
            Series.of("a", X, new double[] {1, 1, 1}),
            Series.of("b", X, new double[] {2, 2, 2}).withColor(5));
    assertThat(pixels(figure, Palette.of(0))).isGreaterThan(500);
    assertThat(pixels(figure, Palette.of(5))).isGreaterThan(500);
    assertThat(pixels(figure, Palette.of(1))).isZero();
  }

  @Test
  void a_single_point_is_marked() {
    Figure figure = new LinePlot("T").line("a", new double[] {3}, new double[] {7}).figure();
    assertThat(pixels(figure, Palette.of(0))).isGreaterThan(15);
  }

  @Test
  void axes_hold_all_values_and_reference_lines() {
    XYPlot plot =
        new LinePlot("T")
            .line("a", X, new double[] {5, Double.NaN, Double.NEGATIVE_INFINITY})
            .line("b", X, new double[] {1, 2, Double.POSITIVE_INFINITY})
            .horizontal("floor", -4)
            .vertical("end", 9)
            .chart()
            .getXYPlot();
    Range y = plot.getRangeAxis().getRange();
    assertThat(y.getLowerBound()).isLessThan(-4).isGreaterThan(-6);
    assertThat(y.getUpperBound()).isGreaterThan(5).isLessThan(7);
    assertThat(plot.getDomainAxis().getRange().contains(9)).isTrue();
  }

  @Test
  void fixed_ranges_are_kept() {
    XYPlot plot =
        new LinePlot("T").line("a", X, X).xRange(-10, 10).yRange(0, 1).chart().getXYPlot();
    assertThat(plot.getDomainAxis().getRange()).isEqualTo(new Range(-10, 10));
    assertThat(plot.getRangeAxis().getRange()).isEqualTo(new Range(0, 1));
  }

  @Test
  void constant_values_still_span_an_axis() {
    for (boolean log : new boolean[] {false, true}) {
      LinePlot plot = new LinePlot("T").line("a", X, new double[] {5, 5, 5});
      Range y = (log ? plot.logY() : plot).chart().getXYPlot().getRangeAxis().getRange();
      assertThat(y.getLength()).isGreaterThan(0.5);
      assertThat(y.contains(5)).isTrue();
    }
  }

  @Nested
  class LogarithmicAxes {
    private List<String> xLabels(double... x) {
      Figure figure =
          new LinePlot("").y("").x("").logX().line("", x, new double[x.length]).figure();
      return Svg.of(figure).texts();
    }

    @Test
    void label_powers_of_ten_over_many_decades() {
      assertThat(xLabels(1e-4, 1e9)).contains("1e-4", "1", "1M", "100M").doesNotContain("2M");
    }

    @Test
    void label_twos_and_fives_over_a_few() {
      assertThat(xLabels(1, 200)).contains("1", "2", "5", "10", "20", "50", "100", "200");
    }

    @Test
    void label_even_steps_within_one() {
      assertThat(xLabels(3, 6)).contains("3", "4", "5", "6");
    }

    @Test
    void refuse_values_that_have_no_place() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> xLabels(0, 1))
          .withMessageContaining("0.0")
          .withMessageContaining("positive");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LinePlot("").logY().line("a", X, X).horizontal("z", -1).figure())
          .withMessageContaining("'z'");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LinePlot("").logY().line("a", X, X).yRange(0, 5).figure());
    }
  }

  @Nested
  class Refuses {
    @Test
    void a_plot_without_lines() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LinePlot("Nothing").figure())
          .withMessageContaining("Nothing");
    }

    @Test
    void an_empty_series() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Series.of("e", new double[0]))
          .withMessageContaining("'e' is empty");
    }

    @Test
    void a_series_of_unequal_lengths() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Series.of("e", X, new double[2]))
          .withMessageContaining("3 x values but 2 y values");
    }

    @Test
    void a_series_with_nothing_to_draw() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Series.of("e", new double[] {Double.NaN}));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Series.of("e", new double[] {Double.NaN}, new double[] {1}));
    }

    @Test
    void two_series_of_one_name() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LinePlot("").line("a", X, X).line("a", X, X))
          .withMessageContaining("'a'");
    }

    @Test
    void ranges_bands_and_lines_that_are_nowhere() {
      assertThatIllegalArgumentException().isThrownBy(() -> new LinePlot("").band("b", 2, 1));
      assertThatIllegalArgumentException().isThrownBy(() -> new LinePlot("").xRange(1, 1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LinePlot("").vertical("v", Double.NaN));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Series.of("a", X).withColor(-1))
          .withMessageContaining("-1");
    }
  }

  @Test
  void a_series_does_not_share_its_arrays() {
    double[] y = {1, 2, 3};
    Series series = Series.of("a", X, y);
    y[0] = 99;
    series.y()[1] = 99;
    assertThat(series.y()).containsExactly(1, 2, 3);
  }
}
