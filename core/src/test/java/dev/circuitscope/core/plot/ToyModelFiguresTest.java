package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;
import org.w3c.dom.Element;

class ToyModelFiguresTest {

  private static final double[] IMPORTANCE = {1, 0.9, 0.81, 0.729, 0.6561};

  /** Five features at the corners of a regular pentagon. */
  private static double[][] pentagon() {
    double[][] w = new double[2][5];
    for (int i = 0; i < 5; i++) {
      w[0][i] = Math.cos(2 * Math.PI * i / 5);
      w[1][i] = Math.sin(2 * Math.PI * i / 5);
    }
    return w;
  }

  @Nested
  class Polygon {
    @Test
    void has_a_dot_a_feature_in_the_colour_of_its_importance_at_the_end_of_its_vector() {
      Svg svg = Svg.of(Charts.polygon(pentagon(), IMPORTANCE, "Pentagon"));
      List<Element> dots =
          svg.elements("circle").stream()
              .filter(c -> c.getAttribute("stroke").equals("none"))
              .toList();
      Element unit =
          svg.elements("circle").stream()
              .filter(c -> Double.parseDouble(c.getAttribute("r")) > 20)
              .findFirst()
              .orElseThrow();
      double cx = Double.parseDouble(unit.getAttribute("cx"));
      double cy = Double.parseDouble(unit.getAttribute("cy"));
      double r = Double.parseDouble(unit.getAttribute("r"));
      assertThat(dots).hasSize(5);
      for (int i = 0; i < 5; i++) {
        double x = cx + r * Math.cos(2 * Math.PI * i / 5);
        double y = cy - r * Math.sin(2 * Math.PI * i / 5);
        Color color = ColorMap.VIRIDIS.at(IMPORTANCE[i]);
        assertThat(dots)
            .anySatisfy(
                dot -> {
                  assertThat(Double.parseDouble(dot.getAttribute("cx")) - x).isBetween(-0.1, 0.1);
                  assertThat(Double.parseDouble(dot.getAttribute("cy")) - y).isBetween(-0.1, 0.1);
                  assertThat(Svg.fill(dot)).isEqualTo(color);
                });
      }
    }

    @Test
    void makes_room_for_vectors_beyond_the_unit_circle() {
      double[][] w = {{3}, {-4}};
      assertThat(Svg.of(new FeaturePolygon("").panel("", w).figure()).texts())
          .contains("-4", "4", "hidden dimension 1 (dashed: unit circle)");
    }

    @Test
    void of_several_models_shares_its_legend_and_titles_each() {
      FeaturePolygon polygon = new FeaturePolygon("Geometry").importance(IMPORTANCE);
      for (String name : List.of("1-S = 1", "1-S = 0.3", "1-S = 0.05")) {
        polygon.panel(name, Nd4j.create(pentagon()));
      }
      List<String> texts = Svg.of(polygon.figure()).texts();
      assertThat(texts).contains("Geometry", "1-S = 1", "1-S = 0.3", "1-S = 0.05");
      assertThat(texts.stream().filter(t -> t.startsWith("feature importance"))).hasSize(1);
    }

    @Test
    void in_groups_has_their_colours_and_names() {
      FeaturePolygon polygon =
          new FeaturePolygon("")
              .groups(List.of("one", "others"), 0, 1, 1, 1, 1)
              .panel("", pentagon())
              .panel("fewer", new double[][] {{1, 0}, {0, 1}});
      Svg svg = Svg.of(polygon.figure());
      assertThat(svg.texts()).contains("one", "others");
      List<Color> dots =
          svg.elements("circle").stream()
              .filter(c -> c.getAttribute("stroke").equals("none"))
              .map(Svg::fill)
              .toList();
      assertThat(dots).filteredOn(Palette.of(0)::equals).hasSize(2);
      assertThat(dots).filteredOn(Palette.of(1)::equals).hasSize(5);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new FeaturePolygon("").groups(List.of("one"), 0, 1))
          .withMessageContaining("group 1 has no name");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new FeaturePolygon("").groups(List.of("a"), 0).panel("", pentagon()).figure())
          .withMessageContaining("1 groups for 5 features");
    }

    @Test
    void refuses_what_is_not_two_dimensional_finite_or_complete() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new FeaturePolygon("").panel("p", new double[5][2]))
          .withMessageContaining("5 x 2")
          .withMessageContaining("transpose");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new FeaturePolygon("").panel("p", new double[][] {{Double.NaN}, {0}}))
          .withMessageContaining("feature 0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Charts.polygon(pentagon(), new double[4], "T"))
          .withMessageContaining("4 values of importance for 5 features");
      assertThatIllegalArgumentException().isThrownBy(() -> new FeaturePolygon("").figure());
    }
  }

  @Nested
  class Gram {
    @Test
    void shows_the_products_of_all_pairs_of_columns_and_the_bias() {
      Figure figure = Charts.gram(pentagon(), new double[] {-0.12, 0, 0, 0, 0.07}, "Gram");
      List<String> texts = Svg.of(figure).texts();
      // cos(0), cos(72 degrees) and cos(144 degrees), for 5, 10 and 10 of the 25 pairs.
      assertThat(texts.stream().filter("1.00"::equals)).hasSize(5);
      assertThat(texts.stream().filter("0.31"::equals)).hasSize(10);
      assertThat(texts.stream().filter("-0.81"::equals)).hasSize(10);
      assertThat(texts).contains("-0.12", "0.07", "WᵀW", "b", "feature");
    }

    @Test
    void colours_are_centred_at_zero_and_shared_by_all_panels() {
      double[][] one = {{1, 0}};
      double[][] two = {{2, 0}};
      double[] b = {-1, 0};
      Figure figure = new GramPlot("").panel("a", one, b).panel("b", two, b).figure();
      assertThat(Svg.of(figure).boxes())
          .extracting(Svg.Box::fill)
          .contains(
              ColorMap.DIVERGING.at(1), // 4 of 4
              ColorMap.DIVERGING.at(0.625), // 1 of 4
              ColorMap.DIVERGING.at(0.5), // 0
              ColorMap.DIVERGING.at(0.375)); // -1 of 4
    }

    @Test
    void takes_arrays_with_the_bias_as_a_row_a_column_or_a_vector() {
      double[] b = {0.1, 0.2, 0.3, 0.4, 0.5};
      String expected = new GramPlot("").panel("a", pentagon(), b).figure().toSvg();
      for (int[] shape : new int[][] {{5}, {1, 5}, {5, 1}}) {
        assertThat(
                new GramPlot("")
                    .panel("a", Nd4j.create(pentagon()), Nd4j.create(b).reshape(shape))
                    .figure()
                    .toSvg())
            .isEqualTo(expected);
      }
    }

    @Test
    void one_feature_makes_a_figure_and_zeros_are_white() {
      Figure figure = Charts.gram(new double[][] {{0}}, new double[] {0}, "Zero");
      assertThat(Svg.of(figure).boxes())
          .extracting(Svg.Box::fill)
          .contains(ColorMap.DIVERGING.at(0.5));
    }

    @Test
    void refuses_a_bias_of_another_length_and_an_impossible_limit() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Charts.gram(pentagon(), new double[2], "T"))
          .withMessageContaining("2 values of b for 5 features");
      assertThatIllegalArgumentException().isThrownBy(() -> new GramPlot("").limit(0));
      assertThatIllegalArgumentException().isThrownBy(() -> new GramPlot("").figure());
    }
  }

  @Nested
  class Norms {
    @Test
    void are_bars_of_proportional_length_in_the_colour_of_polysemanticity() {
      double[] norms = {1, 0.5, 0.25};
      double[] shared = {0, 0.5, 1};
      for (boolean horizontal : new boolean[] {false, true}) {
        FeatureNorms builder = new FeatureNorms("Norms").panel("", norms, shared);
        Figure figure = (horizontal ? builder.horizontal() : builder).figure();
        List<Svg.Box> bars =
            Svg.of(figure).elements("rect").stream()
                .filter(e -> Double.parseDouble(e.getAttribute("width")) > 25 || horizontal)
                .filter(e -> Svg.fill(e) != null && e.getAttribute("stroke").equals("none"))
                .map(
                    e ->
                        new Svg.Box(
                            new java.awt.geom.Rectangle2D.Double(
                                Double.parseDouble(e.getAttribute("x")),
                                Double.parseDouble(e.getAttribute("y")),
                                Double.parseDouble(e.getAttribute("width")),
                                Double.parseDouble(e.getAttribute("height"))),
                            Svg.fill(e)))
                .toList();
        double longest = length(bars, shared[0], horizontal);
        assertThat(length(bars, shared[1], horizontal) / longest).isBetween(0.49, 0.51);
        assertThat(length(bars, shared[2], horizontal) / longest).isBetween(0.24, 0.26);
      }
    }

    private static double length(List<Svg.Box> bars, double shared, boolean horizontal) {
      Color color = ColorMap.VIRIDIS.at(shared);
      return bars.stream()
          .filter(bar -> bar.fill().equals(color))
          .mapToDouble(bar -> horizontal ? bar.area().getWidth() : bar.area().getHeight())
          .filter(length -> length > 20)
          .max()
          .orElseThrow();
    }

    @Test
    void of_four_hundred_features_are_drawn_side_by_side() {
      double[] norms = new double[400];
      java.util.Arrays.fill(norms, 1);
      BufferedImage image = Charts.norms(norms, new double[400], "Many").toImage(2);
      long violet = 0;
      for (int x = 0; x < image.getWidth(); x++) {
        violet += image.getRGB(x, image.getHeight() / 2) == ColorMap.VIRIDIS.at(0).getRGB() ? 1 : 0;
      }
      assertThat(violet).isGreaterThan(1200);
    }

    @Test
    void refuse_negative_norms_missing_values_and_no_features() {
      FeatureNorms norms = new FeatureNorms("");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> norms.panel("p", new double[] {-1}, new double[1]))
          .withMessageContaining("feature 0 in 'p' is -1.0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> norms.panel("p", new double[2], new double[1]));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> norms.panel("p", new double[0], new double[0]))
          .withMessageContaining("empty");
      assertThatIllegalArgumentException().isThrownBy(norms::figure);
    }
  }
}
