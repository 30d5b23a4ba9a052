package dev.circuitscope.core.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class LayeredGraphTest {

  private static LayeredGraph twoByTwo() {
    return new LayeredGraph("Composition")
        .layer("layer 0", List.of("L0H0", "L0H1"))
        .layer("layer 1", List.of("L1H0", "L1H1"));
  }

  private static List<Element> edges(Figure figure) {
    return Svg.of(figure).elements("path").stream()
        .filter(path -> path.getAttribute("d").contains("C"))
        .filter(path -> !path.getAttribute("d").contains("Z"))
        .toList();
  }

  @Test
  void every_node_kind_and_unit_is_on_the_figure() {
    Figure figure =
        twoByTwo()
            .edge("L0H0", "L1H1", "Q", 0.2)
            .edge("L0H1", "L1H1", "K", 0.8)
            .values("induction score", new double[][] {{0, 0.1}, {0.2, 0.9}})
            .meaning("above chance")
            .figure();
    assertThat(Svg.of(figure).texts())
        .contains("Composition", "layer 0", "layer 1", "L0H0", "L0H1", "L1H0", "L1H1", "Q", "K")
        .contains("induction score", "0.8 (above chance)");
  }

  @Nested
  class Edges {
    @Test
    void are_drawn_if_positive() {
      Figure figure =
          twoByTwo()
              .edge("L0H0", "L1H0", "K", 1)
              .edge("L0H0", "L1H1", "K", 0)
              .edge("L0H1", "L1H1", "K", -1)
              .figure();
      assertThat(edges(figure)).hasSize(1);
    }

    @Test
    void are_the_strongest_if_asked_so() {
      Figure figure =
          twoByTwo()
              .edge("L0H0", "L1H0", "K", 1)
              .edge("L0H0", "L1H1", "K", 2)
              .edge("L0H1", "L1H1", "K", 3)
              .strongest(2)
              .figure();
      assertThat(edges(figure)).hasSize(2);
    }

    @Test
    void keep_the_colour_of_their_kind_even_where_another_kind_is_missing() {
      LayeredGraph graph = twoByTwo().kinds("Q", "K", "V").edge("L0H0", "L1H0", "V", 1);
      assertThat(Svg.of(graph.figure()).texts()).contains("Q", "K", "V");
    }

    @Test
    void skip_layers_but_never_go_down_or_stay() {
      LayeredGraph graph = twoByTwo().layer("layer 2", List.of("L2H0"));
      assertThat(edges(graph.edge("L0H0", "L2H0", "K", 1).figure())).hasSize(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> graph.edge("L1H0", "L0H0", "K", 1))
          .withMessageContaining("L1H0 in row 1 to L0H0 in row 0");
      assertThatIllegalArgumentException().isThrownBy(() -> graph.edge("L1H0", "L1H1", "K", 1));
    }
  }

  @Test
  void a_graph_without_edges_or_of_one_node_is_drawn() {
    assertThat(Svg.of(twoByTwo().figure()).texts()).contains("L0H0");
    Figure one = new LayeredGraph("").layer("", List.of("alone")).figure();
    assertThat(Svg.of(one).texts()).contains("alone");
  }

  @Test
  void the_one_liner_draws_a_model() {
    double[][][][] weights = new double[2][3][2][3];
    weights[0][1][1][2] = 0.4;
    Figure figure = Charts.headGraph(weights, "K-composition");
    assertThat(Svg.of(figure).texts()).contains("L0H1", "L1H2", "K-composition");
    assertThat(edges(figure)).hasSize(1);
  }

  @Test
  void what_does_not_fit_together_is_refused() {
    LayeredGraph graph = new LayeredGraph("Nothing");
    assertThatIllegalArgumentException()
        .isThrownBy(graph::figure)
        .withMessageContaining("'Nothing' has no nodes");
    assertThatIllegalArgumentException().isThrownBy(() -> graph.layer("empty", List.of()));
    graph.layer("layer 0", List.of("a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.layer("layer 1", List.of("a")))
        .withMessageContaining("'a'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.layer("layer 1", List.of("b", "b")))
        .withMessageContaining("'b'");
    graph.layer("layer 1", List.of("b"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.edge("a", "c", "K", 1))
        .withMessageContaining("no node 'c'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.edge("a", "b", "K", Double.NaN))
        .withMessageContaining("NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> graph.values("v", new double[][] {{1}}))
        .withMessageContaining("[1] nodes by row, but there are [1, 1]");
    assertThatIllegalArgumentException().isThrownBy(() -> graph.strongest(0));
    graph.values("v", new double[][] {{1}, {2}}).layer("layer 2", List.of("c"));
    assertThatIllegalArgumentException()
        .isThrownBy(graph::figure)
        .withMessageContaining("2 layers of 3");
  }
}
