package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AttentionPlotTest {

  private static final List<String> TOKENS = List.of("The", " cat", "\n");
  private static final double[][] PATTERN = {{1, 0, 0}, {0.25, 0.75, 0}, {0.5, 0.3, 0.2}};

  private static double[][] diagonal(int n) {
    double[][] pattern = new double[n][n];
    for (int i = 0; i < n; i++) {
      pattern[i][i] = 1;
    }
    return pattern;
  }

  @Test
  void tokens_stand_on_both_axes_made_visible() {
    List<String> texts = Svg.of(Charts.attention(PATTERN, TOKENS, "L0H3")).texts();
    for (String token : List.of("The", "·cat", "↵")) {
      assertThat(texts.stream().filter(token::equals)).hasSize(2);
    }
    assertThat(texts)
        .contains("L0H3", "destination token", "source token (attended to)", "attention weight");
  }

  @Test
  void the_destination_runs_down_and_the_source_across_and_the_future_is_blank() {
    Figure figure = Charts.attention(PATTERN, TOKENS, "");
    BufferedImage image = figure.toImage(2);
    Svg.Box first =
        Svg.of(figure).boxes().stream()
            .filter(box -> box.fill().equals(ColorMap.VIRIDIS.at(1)))
            .findFirst()
            .orElseThrow();
    double side = first.area().getWidth();
    for (int dest = 0; dest < 3; dest++) {
      for (int src = 0; src < 3; src++) {
        // A corner of the cell, where no value is written.
        int x = (int) (2 * (first.area().getX() + src * side + 4));
        int y = (int) (2 * (first.area().getY() + dest * side + 4));
        Color expected = src > dest ? Color.WHITE : ColorMap.VIRIDIS.at(PATTERN[dest][src]);
        assertThat(new Color(image.getRGB(x, y))).isEqualTo(expected);
      }
    }
  }

  @Test
  void masked_scores_above_the_diagonal_may_be_minus_infinity() {
    double inf = Double.NEGATIVE_INFINITY;
    Figure figure =
        Charts.attention(new double[][] {{1, inf}, {0.5, 0.5}}, TOKENS.subList(0, 2), "");
    assertThat(Svg.of(figure).texts()).doesNotContain("not finite", "-∞");
  }

  @Test
  void a_causal_pattern_that_attends_ahead_is_refused_and_a_bidirectional_one_is_drawn() {
    double[][] ahead = {{0.5, 0.5}, {0.5, 0.5}};
    AttentionPlot plot = new AttentionPlot(TOKENS.subList(0, 2)).head(0, 3, ahead);
    assertThatIllegalArgumentException()
        .isThrownBy(plot::figure)
        .withMessageContaining("L0H3 attends ahead, from 0 to 1")
        .withMessageContaining("bidirectional");
    assertThat(Svg.of(plot.bidirectional().figure()).texts().stream().filter("0.50"::equals))
        .hasSize(4);
  }

  @Test
  void a_layer_gives_a_panel_a_head_with_one_legend() {
    INDArray layer = Nd4j.zeros(5, 3, 3);
    for (int head = 0; head < 5; head++) {
      for (int i = 0; i < 3; i++) {
        layer.putScalar(new int[] {head, i, i}, 1);
      }
    }
    List<String> texts = Svg.of(Charts.attention(2, layer, TOKENS, "Layer 2")).texts();
    assertThat(texts).contains("Layer 2", "L2H0", "L2H1", "L2H2", "L2H3", "L2H4");
    assertThat(texts.stream().filter("attention weight"::equals)).hasSize(1);
  }

  @Test
  void a_hundred_and_twenty_eight_tokens_have_every_second_label() {
    List<String> tokens = new java.util.ArrayList<>(Collections.nCopies(128, "even"));
    for (int i = 1; i < 128; i += 2) {
      tokens.set(i, "odd");
    }
    Figure figure = Charts.attention(diagonal(128), tokens, "Long");
    assertThat(Svg.of(figure).texts().stream().filter("even"::equals)).hasSize(128);
    assertThat(Svg.of(figure).texts()).doesNotContain("odd");
    assertThat(figure.width()).isLessThan(1200);
  }

  @Test
  void one_token_makes_a_figure() {
    Figure figure = Charts.attention(diagonal(1), List.of("x"), "One");
    assertThat(Svg.of(figure).texts()).contains("One", "x", "1.00");
  }

  @Test
  void colours_can_be_stretched_or_signed() {
    assertThat(Svg.of(new AttentionPlot(TOKENS).head("", PATTERN).upTo(2).figure()).boxes())
        .extracting(Svg.Box::fill)
        .contains(ColorMap.VIRIDIS.at(0.5));
    assertThat(Svg.of(new AttentionPlot(TOKENS).head("", PATTERN).signed(1).figure()).boxes())
        .extracting(Svg.Box::fill)
        .contains(ColorMap.DIVERGING.at(1));
  }

  @Test
  void wrong_shapes_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AttentionPlot(TOKENS).head(1, 4, diagonal(2)))
        .withMessageContaining("L1H4 is 2 x 2 for 3 tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AttentionPlot(TOKENS).layer(0, Nd4j.zeros(1, 2, 3, 3)))
        .withMessageContaining("[1, 2, 3, 3] is not [head, dest, src]");
    assertThatIllegalArgumentException().isThrownBy(() -> new AttentionPlot(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> new AttentionPlot(TOKENS).figure());
    assertThatIllegalArgumentException().isThrownBy(() -> new AttentionPlot(TOKENS).columns(0));
  }
}
