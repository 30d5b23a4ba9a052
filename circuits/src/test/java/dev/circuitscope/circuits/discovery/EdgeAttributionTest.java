package dev.circuitscope.circuits.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.patching.DifferentiableMetric;
import dev.circuitscope.circuits.patching.Metrics;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@DisplayName("The attribution of edges")
class EdgeAttributionTest {

  private static final int LENGTH = 5;

  @ParameterizedTest
  @MethodSource("dev.circuitscope.circuits.discovery.CircuitRunTest#configurations")
  @DisplayName("is the slope of what removing a small part of an edge does in float64")
  void slope(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 5L));
    int[][] tokens = TestModels.tokens(config, 1, LENGTH, 1L);
    int[][] others = TestModels.tokens(config, 1, LENGTH, 2L);
    EdgeAttribution attribution =
        EdgeAttribution.of(
            model, tokens, EdgeReference.corrupted(others).zeroPositions(), Metrics.loss(tokens));
    assertThat(attribution.effects().keySet())
        .containsExactlyElementsOf(EdgeGraph.of(config).edges());
    Map<Sender, double[][]> plain = CircuitRunTest.Written.of(model, tokens).get(0);
    Map<Sender, double[][]> other = CircuitRunTest.Written.of(model, others).get(0);
    other.computeIfPresent(Sender.positions(), (s, rows) -> new double[LENGTH][config.dModel()]);
    double h = 1e-4;
    int each = 0;
    for (Edge edge : EdgeGraph.of(config).edges()) {
      if (each++ % 5 == 0) {
        double up = loss(model, tokens[0], edge, plain, towards(plain, other, h));
        double down = loss(model, tokens[0], edge, plain, towards(plain, other, -h));
        double slope = (up - down) / (2 * h);
        assertThat(attribution.effects().get(edge))
            .as("%s", edge)
            .isCloseTo(slope, within(2e-4 * (1 + Math.abs(slope))));
      }
    }
  }

  /** plain + share (other - plain). */
  private static Map<Sender, double[][]> towards(
      Map<Sender, double[][]> plain, Map<Sender, double[][]> other, double share) {
    Map<Sender, double[][]> between = new HashMap<>();
    plain.forEach(
        (sender, rows) -> {
          double[][] mixed = new double[rows.length][rows[0].length];
          for (int t = 0; t < rows.length; t++) {
            for (int i = 0; i < rows[t].length; i++) {
              mixed[t][i] = rows[t][i] + share * (other.get(sender)[t][i] - rows[t][i]);
            }
          }
          between.put(sender, mixed);
        });
    return between;
  }

  private static double loss(
      Transformer model,
      int[] tokens,
      Edge removed,
      Map<Sender, double[][]> plain,
      Map<Sender, double[][]> reference) {
    Map<Sender, double[][]> embedded = new HashMap<>(plain);
    embedded.keySet().removeIf(sender -> !(sender instanceof Sender.Embedding));
    double[][] logits = PlainCircuit.logits(model, Set.of(removed), LENGTH, embedded, reference);
    double sum = 0;
    for (int t = 0; t < LENGTH - 1; t++) {
      double normalizer = 0;
      for (double logit : logits[t]) {
        normalizer += Math.exp(logit);
      }
      sum += Math.log(normalizer) - logits[t][tokens[t + 1]];
    }
    return sum / (LENGTH - 1);
  }

  @Test
  @DisplayName("is exact for a linear metric in a model without layers and normalisation")
  void linear() {
    TransformerConfig config = TestModels.config(0, Normalization.NONE, Positions.STANDARD);
    Transformer model = Transformer.of(config, TestModels.weights(config, 5L));
    int[][] tokens = {{1, 2, 3}};
    DifferentiableMetric metric = Metrics.logitDifference(new int[] {4}, new int[] {5});
    EdgeAttribution attribution = EdgeAttribution.of(model, tokens, EdgeReference.zero(), metric);
    CircuitRun run = CircuitRun.of(model, tokens, EdgeReference.zero());
    for (Edge edge : Circuit.whole(config).edges()) {
      double without = run.value(Circuit.whole(config).without(List.of(edge)), metric);
      assertThat(attribution.effects().get(edge))
          .isCloseTo(without - attribution.whole(), within(1e-5));
    }
    assertThat(attribution.strongest(1)).hasSize(1);
    assertThat(attribution.strongest(9)).hasSize(2);
    assertThat(attribution.toJson().getAsJsonArray("effects")).hasSize(2);
    assertThat(attribution.toString()).contains("logit difference", "tokens -> logits");
    assertThat(attribution.effects()).containsKey(new Edge(Sender.tokens(), Receiver.logits()));
    assertThatThrownBy(() -> attribution.strongest(-1)).hasMessageContaining("at least 0");
    INDArray weights = Nd4j.create(1, 3, config.dVocabOut());
    weights.putScalar(0, Float.NaN);
    assertThatThrownBy(
            () -> EdgeAttribution.of(model, tokens, EdgeReference.zero(), Metrics.linear(weights)))
        .hasMessageContaining("is NaN on the whole model");
  }
}
