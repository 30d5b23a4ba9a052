package dev.circuitscope.circuits.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.patching.Metric;
import dev.circuitscope.circuits.patching.Metrics;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("Pruning edges")
class EdgePruningTest {

  private final TransformerConfig config =
      TransformerConfig.withMlps(2)
          .heads(2)
          .dModel(8)
          .dMlp(6)
          .vocab(9)
          .context(8)
          .normalization(Normalization.LN)
          .build();
  private final Transformer model = Transformer.of(config, TestModels.weights(config, 3L));
  private final int[][] tokens = TestModels.tokens(config, 3, 6, 1L);
  private final EdgeReference reference =
      EdgeReference.corrupted(TestModels.tokens(config, 3, 6, 2L));
  private final EdgePruning pruning = EdgePruning.of(model, tokens, reference, 0.05);

  @Nested
  @DisplayName("gives what one run of the whole model for each edge gives")
  class Naive {

    @Test
    @DisplayName("edge by edge, for every order")
    void edgeByEdge() {
      for (EdgeOrder order :
          List.of(EdgeOrder.latestFirst(), EdgeOrder.earliestFirst(), EdgeOrder.shuffled(4L))) {
        assertSameAsNaive(pruning.options(pruning.options().order(order)));
      }
    }

    @Test
    @DisplayName("with parallel MLPs and any movement of another metric")
    void parallel() {
      TransformerConfig other = config.toBuilder().parallelMlp(true).keyValueHeads(1).build();
      Transformer beside = Transformer.of(other, TestModels.weights(other, 4L));
      assertSameAsNaive(
          EdgePruning.of(beside, tokens, EdgeReference.zero(), 0.1).metric(Metrics.loss(tokens)));
    }

    private void assertSameAsNaive(EdgePruning kind) {
      PrunedCircuit fast = kind.prune();
      CircuitRun run = CircuitRun.of(kind.model(), kind.tokens(), kind.reference());
      Circuit circuit = Circuit.whole(kind.model().config());
      List<Edge> tried = new ArrayList<>();
      for (PruningStep step : fast.steps()) {
        Circuit without = circuit.without(step.edges());
        double before = run.value(circuit.trimmed(), kind.metric());
        double after = run.value(without, kind.metric());
        assertThat(step.before()).as("%s", step).isCloseTo(before, within(1e-5));
        assertThat(step.without()).as("%s", step).isCloseTo(after, within(1e-5));
        double size = kind.options().movement().size(step.before(), step.without());
        assertThat(step.removed()).isEqualTo(size < kind.options().threshold());
        circuit = step.removed() ? without : circuit;
        tried.addAll(step.edges());
      }
      // what was not tried leads nowhere
      assertThat(fast.circuit().edges()).isEqualTo(circuit.trimmed().edges());
      List<Edge> untried = new ArrayList<>(EdgeGraph.of(kind.model().config()).edges());
      untried.removeAll(tried);
      assertThat(fast.circuit().edges()).noneMatch(untried::contains);
      assertThat(tried).doesNotHaveDuplicates();
      assertThat(fast.value()).isCloseTo(run.value(circuit, kind.metric()), within(1e-5));
    }

    @Test
    @DisplayName("however many attempts run at a time")
    void together() {
      PrunedCircuit one = new PruningSearch(pruning, 1).run();
      PrunedCircuit many = new PruningSearch(pruning, 10_000).run();
      assertThat(many.steps()).hasSameSizeAs(one.steps());
      for (int i = 0; i < one.steps().size(); i++) {
        assertThat(many.steps().get(i).edges()).isEqualTo(one.steps().get(i).edges());
        assertThat(many.steps().get(i).without())
            .isCloseTo(one.steps().get(i).without(), within(1e-6));
      }
      assertThat(many.circuit()).isEqualTo(one.circuit());
      assertThat(one.keptSteps()).isNotEmpty().hasSizeLessThan(one.steps().size());
    }
  }

  @Test
  @DisplayName("moves the metric by less than the thresholds of all removals together")
  void summedThreshold() {
    int[] correct = {1, 2, 3};
    int[] incorrect = {4, 5, 6};
    PrunedCircuit pruned = pruning.metric(Metrics.logitDifference(correct, incorrect)).prune();
    long removals = pruned.steps().stream().filter(PruningStep::removed).count();
    assertThat(removals).isPositive();
    assertThat(Math.abs(pruned.value() - pruned.whole())).isLessThan(removals * 0.05);
  }

  @Test
  @DisplayName("of whole heads keeps or removes what a head reads of a sender together")
  void wholeHeads() {
    PruningOptions heads = pruning.options().granularity(Granularity.HEADS);
    PrunedCircuit pruned = pruning.options(heads).prune();
    assertThat(pruned.steps()).anyMatch(step -> step.edges().size() == 3);
    for (PruningStep step : pruned.steps()) {
      assertThat(step.edges().stream().map(Edge::from).distinct()).hasSize(1);
      assertThat(pruned.circuit().edges().containsAll(step.edges())).isEqualTo(!step.removed());
    }
  }

  @Test
  @DisplayName("with the same positions in the reference leaves edges from positions alone")
  void samePositions() {
    EdgePruning same = EdgePruning.of(model, tokens, reference.samePositions(), 1e6);
    assertThat(same.prune().circuit().edges())
        .containsExactly(new Edge(Sender.positions(), Receiver.logits()));
  }

  @Test
  @DisplayName("keeps nothing at a large threshold, and what changes anything at a small one")
  void thresholds() {
    assertThat(pruning.options(pruning.options().threshold(1e6)).prune().circuit().edges())
        .isEmpty();
    PruningOptions tiny = pruning.options().threshold(1e-9).movement(Movement.ANY);
    PrunedCircuit all = pruning.options(tiny).prune();
    assertThat(all.circuit().edges()).hasSizeGreaterThan(50);
  }

  @Test
  @DisplayName("tells what it kept, as text and as JSON")
  void output() {
    PrunedCircuit pruned = pruning.prune();
    int kept = pruned.circuit().edges().size();
    assertThat(pruned.toString()).startsWith(kept + " of 61 edges kept at threshold 0.05");
    assertThat(pruned.toString().lines()).hasSize(1 + kept);
    assertThat(pruned.toJson().getAsJsonArray("edges")).hasSize(kept);
    assertThat(pruned.toJson().getAsJsonArray("steps")).hasSize(pruned.steps().size());
    assertThat(pruned.circuit().toString()).startsWith("circuit of " + kept + " of 61 edges");
    assertThat(pruned.provenance().sequences()).isEqualTo(3);
  }

  @Test
  @DisplayName("refuses thresholds that are none, metrics that are NaN and other shapes")
  void refusals() {
    for (double threshold : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> EdgePruning.of(model, tokens, reference, threshold))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the threshold must be above 0 and finite");
    }
    assertThatThrownBy(() -> pruning.metric(logits -> Double.NaN).prune())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is NaN on the whole model");
    float[] plain = FlatFloats.copy(model.run(tokens));
    Metric fussy = logits -> Arrays.equals(FlatFloats.copy(logits), plain) ? 0 : Double.NaN;
    assertThatThrownBy(() -> pruning.metric(fussy).prune())
        .hasMessageContaining("is NaN on the run without [MLP1 -> logits]");
    EdgeReference longer = EdgeReference.corrupted(TestModels.tokens(config, 3, 7, 2L));
    assertThatThrownBy(() -> EdgePruning.of(model, tokens, longer, 0.1).prune())
        .hasMessageContaining("corrupted tokens are [3, 7], those of the run [3, 6]");
  }
}
