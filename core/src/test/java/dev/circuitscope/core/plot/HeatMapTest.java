package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class HeatMapTest {

  private static final double[][] SIGNED = {{-1, 0, 0.5}, {0.25, Double.NaN, 1}};

  @Nested
  class Cell {
    @Test
    void has_the_colour_of_its_value_up_to_its_edges_whatever_its_size() {
      double[][] values = new double[7][5];
      for (int i = 0; i < 35; i++) {
        values[i / 5][i % 5] = i / 34.0;
      }
      for (double side : new double[] {1, 2.5, 7.5, 20}) {
        Cells cells = new Cells(values, ColorScale.unit(), false);
        int scale = 2;
        int px = (int) (side * scale);
        BufferedImage image = new BufferedImage(5 * px, 7 * px, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        Theme.prepare(g);
        g.scale(scale, scale);
        cells.paint(g, new Rectangle2D.Double(0, 0, 5 * side, 7 * side));
        int wrong = 0;
        for (int y = 0; y < image.getHeight(); y++) {
          for (int x = 0; x < image.getWidth(); x++) {
            Color expected = ColorMap.VIRIDIS.at(values[y / px][x / px]);
            wrong += image.getRGB(x, y) == expected.getRGB() ? 0 : 1;
          }
        }
        assertThat(wrong).as("pixels of another colour with cells of %s px", side).isZero();
      }
    }

    @Test
    void lies_in_the_png_where_the_svg_says() {
      Figure figure = HeatMap.of(SIGNED).annotate(false).figure();
      BufferedImage image = figure.toImage(2);
      List<Svg.Box> boxes = Svg.of(figure).boxes();
      for (double[] row : SIGNED) {
        for (double value : row) {
          Color color = ColorScale.signed(1).of(value);
          assertThat(boxes)
              .filteredOn(box -> box.fill().equals(color) && box.area().getWidth() >= 30)
              .singleElement()
              .satisfies(
                  box -> {
                    int x = (int) (2 * box.area().getCenterX());
                    int y = (int) (2 * box.area().getCenterY());
                    assertThat(new Color(image.getRGB(x, y))).isEqualTo(color);
                  });
        }
      }
    }

    @Test
    void that_is_not_finite_is_grey_and_explained() {
      Figure figure = HeatMap.of(new double[][] {{0, Double.NEGATIVE_INFINITY}}).figure();
      assertThat(Svg.of(figure).texts()).contains("not finite", "-∞");
      assertThat(Svg.of(figure).boxes()).anyMatch(box -> box.fill().equals(Theme.MISSING));
      assertThat(Svg.of(HeatMap.of(new double[][] {{0, 1}}).figure()).texts())
          .doesNotContain("not finite");
    }

    @Test
    void holds_its_value_only_when_every_value_fits() {
      assertThat(Svg.of(HeatMap.of(SIGNED).figure()).texts())
          .contains("-1.00", "0.00", "0.50", "0.25", "NaN", "1.00");
      assertThat(Svg.of(HeatMap.of(SIGNED).annotate(false).figure()).texts())
          .doesNotContain("0.25");
      double[][] many = new double[60][60];
      assertThat(Svg.of(HeatMap.of(many).figure()).texts()).doesNotContain("0.00");
    }
  }

  @Nested
  class Label {
    @Test
    void stands_at_every_row_and_column_with_the_names_of_the_axes() {
      Figure figure =
          HeatMap.of(SIGNED)
              .title("Title")
              .rows("layer", List.of("first", "second"))
              .columns("component", List.of("embed", "a rather long name", "mlp_out"))
              .meaning("logit (nats)")
              .figure();
      assertThat(Svg.of(figure).texts())
          .contains("Title", "layer", "first", "second", "component", "embed", "mlp_out")
          .contains("a rather long name", "logit (nats)");
    }

    @Test
    void is_left_out_where_there_is_no_room() {
      Figure figure = HeatMap.of(new double[300][2]).figure();
      List<String> texts = Svg.of(figure).texts();
      assertThat(texts).contains("0", "10", "290").doesNotContain("3", "299");
    }

    @Test
    void that_is_far_too_long_is_shortened() {
      String name = String.join("", Collections.nCopies(80, "long"));
      Figure figure = HeatMap.of(new double[1][1]).rows("r", List.of(name)).figure();
      assertThat(figure.width()).isLessThan(500);
      assertThat(Svg.of(figure).texts()).anyMatch(text -> text.matches("long.*…"));
    }
  }

  @Test
  void colours_run_over_the_range_that_was_asked_for() {
    Figure figure = HeatMap.of(new double[][] {{0.5, 3}}).range(0, 1).annotate(false).figure();
    assertThat(Svg.of(figure).boxes())
        .extracting(Svg.Box::fill)
        .contains(ColorMap.VIRIDIS.at(0.5), ColorMap.VIRIDIS.at(1));
    Figure signed = HeatMap.of(new double[][] {{0.5}}).signed(2).annotate(false).figure();
    assertThat(Svg.of(signed).boxes())
        .extracting(Svg.Box::fill)
        .contains(ColorMap.DIVERGING.at(0.625));
  }

  @Test
  void one_cell_makes_a_figure() {
    Figure figure = Charts.heatMap(new double[][] {{0}}, "One", "value");
    assertThat(Svg.of(figure).texts()).contains("One", "0.00");
  }

  @Test
  void an_array_gives_the_same_figure_as_its_numbers_even_as_a_transposed_view() {
    double[][] numbers = {{1, 2, 3}, {4, 5, 6}};
    double[][] transposed = {{1, 4}, {2, 5}, {3, 6}};
    String expected = HeatMap.of(numbers).figure().toSvg();
    assertThat(HeatMap.of(Nd4j.create(numbers)).figure().toSvg()).isEqualTo(expected);
    assertThat(HeatMap.of(Nd4j.create(transposed).transpose()).figure().toSvg())
        .isEqualTo(expected);
  }

  @Test
  void wrong_shapes_are_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> HeatMap.of(new double[0][0]));
    assertThatIllegalArgumentException().isThrownBy(() -> HeatMap.of(new double[2][0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeatMap.of(new double[][] {{1, 2}, {3}}))
        .withMessageContaining("row 1 has 1 values but row 0 has 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeatMap.of(Nd4j.zeros(2, 3, 4)))
        .withMessageContaining("[2, 3, 4]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HeatMap.of(SIGNED).rows("r", List.of("only one")))
        .withMessageContaining("1 labels for 2 rows");
  }

  @Nested
  class HeadScores {
    @Test
    void have_a_row_a_layer_a_column_a_head_and_their_values() {
      double[][] scores = {{0.03, 0.5, 0.99}, {0.1, 0.2, 0.3}};
      List<String> texts = Svg.of(Charts.heads(scores, "Induction score")).texts();
      assertThat(texts).contains("L0", "L1", "H0", "H1", "H2", "0.03", "0.99", "layer", "head");
      assertThat(texts.indexOf("0.99")).isLessThan(texts.indexOf("0.10"));
    }

    @Test
    void between_zero_and_one_have_the_same_colours_in_every_figure() {
      assertThat(Svg.of(Charts.heads(new double[][] {{0.25, 0.5}}, "T")).boxes())
          .extracting(Svg.Box::fill)
          .contains(ColorMap.VIRIDIS.at(0.25), ColorMap.VIRIDIS.at(0.5));
    }

    @Test
    void that_are_negative_make_the_map_signed() {
      assertThat(Svg.of(Charts.heads(Nd4j.create(new double[][] {{-2, 1}}), "T")).boxes())
          .extracting(Svg.Box::fill)
          .contains(ColorMap.DIVERGING.at(0), ColorMap.DIVERGING.at(0.75));
    }

    @Test
    void of_a_large_model_keep_their_place_in_the_svg() {
      double[][] scores = new double[48][25];
      IntStream.range(0, 48 * 25).forEach(i -> scores[i / 25][i % 25] = i % 7 / 7.0);
      assertThat(Svg.of(Charts.heads(scores, "T")).texts()).contains("L47", "H24");
    }
  }
}
