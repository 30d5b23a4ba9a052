package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.jfree.chart.plot.XYPlot;
import org.jfree.data.xy.IntervalXYDataset;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HistogramTest {

  private static IntervalXYDataset bars(Histogram histogram) {
    return (IntervalXYDataset) histogram.chart().getXYPlot().getDataset();
  }

  @Nested
  class Bars {
    @Test
    void count_the_values_of_a_single_sample() {
      IntervalXYDataset bars =
          bars(new Histogram("").range(0, 3).bins(3).sample("a", 0.5, 1.2, 1.8, 1.9));
      assertThat(bars.getItemCount(0)).as("bins that are not empty").isEqualTo(2);
      assertThat(bars.getYValue(0, 0)).isEqualTo(1);
      assertThat(bars.getYValue(0, 1)).isEqualTo(3);
      assertThat(bars.getStartXValue(0, 1)).isCloseTo(1, within(1e-12));
      assertThat(bars.getEndXValue(0, 1)).isCloseTo(2, within(1e-12));
    }

    @Test
    void show_shares_of_several_samples_so_that_their_sizes_do_not_matter() {
      IntervalXYDataset bars =
          bars(
              new Histogram("")
                  .range(0, 2)
                  .bins(2)
                  .sample("a", 0.5, 1.5)
                  .sample("b", 0.5, 0.5, 0.5, 1.5));
      assertThat(bars.getYValue(0, 0)).isCloseTo(0.5, within(1e-12));
      assertThat(bars.getYValue(1, 0)).isCloseTo(0.75, within(1e-12));
    }

    @Test
    void at_the_ends_hold_the_values_on_and_beyond_them() {
      IntervalXYDataset bars = bars(new Histogram("").range(0, 1).bins(4).sample("a", -9, 0, 1, 7));
      assertThat(bars.getItemCount(0)).isEqualTo(2);
      assertThat(bars.getYValue(0, 0)).isEqualTo(2);
      assertThat(bars.getYValue(0, 1)).isEqualTo(2);
    }

    @Test
    void span_the_values_unless_told_otherwise() {
      XYPlot plot = new Histogram("").sample("a", -2, 5).chart().getXYPlot();
      assertThat(plot.getDomainAxis().getLowerBound()).isEqualTo(-2);
      assertThat(plot.getDomainAxis().getUpperBound()).isEqualTo(5);
      XYPlot one = new Histogram("").sample("a", 3).chart().getXYPlot();
      assertThat(one.getDomainAxis().getRange().contains(3)).isTrue();
      assertThat(one.getDomainAxis().getRange().getLength()).isGreaterThan(0.5);
    }
  }

  @Test
  void every_name_and_size_is_on_the_figure() {
    Figure figure =
        new Histogram("Copying heads")
            .x("statistic")
            .sample("chance", 0, 0.1, 0.2)
            .sample("heads", 1)
            .vertical("largest by chance", 0.2)
            .figure();
    assertThat(Svg.of(figure).texts())
        .contains(
            "Copying heads",
            "statistic",
            "share of the sample",
            "chance (3)",
            "heads (1)",
            "largest by chance");
    assertThat(Svg.of(Charts.histogram("T", "values", 1, 2)).texts())
        .contains("T", "values", "count");
  }

  @Test
  void nothing_to_count_and_values_that_are_not_finite_are_refused() {
    Histogram histogram = new Histogram("Nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(histogram::figure)
        .withMessageContaining("'Nothing' has no sample");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> histogram.sample("a"))
        .withMessageContaining("'a' is empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> histogram.sample("a", 1, Double.NaN))
        .withMessageContaining("value 1 of sample 'a' is NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> histogram.sample("b", 1).sample("b", 2))
        .withMessageContaining("'b'");
    assertThatIllegalArgumentException().isThrownBy(() -> histogram.bins(0));
    assertThatIllegalArgumentException().isThrownBy(() -> histogram.range(1, 1));
  }
}
