package dev.circuitscope.circuits.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The graph of edges")
class EdgeGraphTest {

  private static TransformerConfig attention(int layers, Positions positions) {
    return TransformerConfig.attentionOnly(layers)
        .heads(2)
        .dModel(4)
        .vocab(5)
        .context(6)
        .normalization(Normalization.NONE)
        .positions(positions)
        .build();
  }

  private static TransformerConfig mlps(boolean parallel) {
    return TransformerConfig.withMlps(1)
        .heads(1)
        .dModel(4)
        .vocab(5)
        .context(6)
        .positions(Positions.NONE)
        .parallelMlp(parallel)
        .build();
  }

  private static List<String> edges(TransformerConfig config) {
    return EdgeGraph.of(config).edges().stream().map(Edge::toString).toList();
  }

  @Test
  @DisplayName("of a model without layers goes from embeddings to the logits")
  void noLayers() {
    assertThat(edges(attention(0, Positions.STANDARD)))
        .containsExactly("tokens -> logits", "positions -> logits");
    assertThat(edges(attention(0, Positions.NONE))).containsExactly("tokens -> logits");
  }

  @Test
  @DisplayName("goes to what reads after the sender has written, in the order of computation")
  void order() {
    // 2 x 3 receivers of 2 senders, 2 x 3 of 4, the logits of 6
    assertThat(edges(attention(2, Positions.STANDARD)))
        .hasSize(12 + 24 + 6)
        .startsWith("tokens -> L0H0.Q", "positions -> L0H0.Q", "tokens -> L0H0.K")
        .contains("L0H1 -> L1H0.V")
        .doesNotContain("L0H1 -> L0H0.V", "L1H0 -> L1H1.Q")
        .endsWith("L1H0 -> logits", "L1H1 -> logits");
  }

  @Test
  @DisplayName("lets MLPs read the heads of their layer, unless both run beside each other")
  void parallel() {
    assertThat(edges(mlps(false)))
        .containsExactly(
            "tokens -> L0H0.Q",
            "tokens -> L0H0.K",
            "tokens -> L0H0.V",
            "tokens -> MLP0",
            "L0H0 -> MLP0",
            "tokens -> logits",
            "L0H0 -> logits",
            "MLP0 -> logits");
    assertThat(edges(mlps(true))).hasSize(7).doesNotContain("L0H0 -> MLP0", "MLP0 -> L0H0.Q");
  }

  @Test
  @DisplayName("lets positions of shortformers be read by queries and keys alone")
  void shortformer() {
    assertThat(edges(attention(1, Positions.SHORTFORMER)))
        .filteredOn(edge -> edge.startsWith("positions"))
        .containsExactly(
            "positions -> L0H0.Q",
            "positions -> L0H0.K",
            "positions -> L0H1.Q",
            "positions -> L0H1.K");
  }

  @Test
  @DisplayName("names keys and values that a group shares after its first head")
  void groups() {
    EdgeGraph graph =
        EdgeGraph.of(
            attention(1, Positions.NONE).toBuilder().heads(4).dHead(2).keyValueHeads(2).build());
    assertThat(graph.receivers()).hasSize(4 + 2 + 2 + 1);
    assertThat(graph.distinct(Receiver.key(0, 3))).isEqualTo(Receiver.key(0, 2));
    assertThat(graph.distinct(Receiver.query(0, 3))).isEqualTo(Receiver.query(0, 3));
    assertThat(graph.owners(Receiver.value(0, 2)))
        .containsExactly(Sender.head(0, 2), Sender.head(0, 3));
    assertThat(graph.require(new Edge(Sender.tokens(), Receiver.value(0, 1))))
        .hasToString("tokens -> L0H0.V");
  }

  @Test
  @DisplayName("refuses edges that the model does not have")
  void refusals() {
    EdgeGraph graph = EdgeGraph.of(attention(2, Positions.SHORTFORMER));
    assertThatThrownBy(() -> graph.require(new Edge(Sender.head(1, 0), Receiver.key(1, 1))))
        .hasMessageContaining("no edge from L1H0 to L1H1.K: the sender writes after");
    assertThatThrownBy(() -> graph.require(new Edge(Sender.positions(), Receiver.value(1, 1))))
        .hasMessageContaining("no edge from positions to L1H1.V: positions are added to what");
    assertThatThrownBy(() -> graph.require(new Edge(Sender.head(0, 2), Receiver.logits())))
        .hasMessageContaining("no L0H2: it has 2 layers of 2 heads, without MLPs");
    assertThatThrownBy(() -> graph.require(new Edge(Sender.tokens(), Receiver.mlp(0))))
        .hasMessageContaining("no MLP0");
    EdgeGraph without = EdgeGraph.of(attention(1, Positions.ROTARY));
    assertThatThrownBy(() -> without.require(new Edge(Sender.positions(), Receiver.logits())))
        .hasMessageContaining("no position embeddings: its positions are rotary");
    assertThatThrownBy(() -> Sender.mlp(-1)).hasMessageContaining("counted from 0");
    assertThatThrownBy(() -> Receiver.mlp(-1)).hasMessageContaining("counted from 0");
  }
}
