package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class PathPatchingTest {

  @Nested
  @DisplayName("with frozen patterns, in two layers of attention, for a linear metric")
  class SumRule {

    private final Transformer model =
        PatchedModels.scaled(PatchedModels.attentionOnly(2, Normalization.NONE), 0.4);
    private final int[][] clean = PatchedModels.tokens(model, 2, 6, 1L);
    private final int[][] corrupted = PatchedModels.tokens(model, 2, 6, 2L);
    private final PathPatching patching =
        PathPatching.of(model, clean, corrupted, PatchedModels.linear(model, 2, 6, 4L))
            .frozenPatterns();

    @Test
    @DisplayName("all paths from the embeddings to the logits add up to the full effect")
    void paths() {
      List<PatchedPath> paths = new ArrayList<>();
      Sender tokens = Sender.tokens();
      paths.add(PatchedPath.of(tokens, Receiver.logits()));
      for (int h = 0; h < 4; h++) {
        paths.add(PatchedPath.of(tokens, Receiver.value(0, h), Receiver.logits()));
        paths.add(PatchedPath.of(tokens, Receiver.value(1, h), Receiver.logits()));
        for (int g = 0; g < 4; g++) {
          paths.add(
              PatchedPath.of(
                  tokens, Receiver.value(0, h), Receiver.value(1, g), Receiver.logits()));
        }
      }
      assertSumsUp(patching.paths(paths));
      assertSumsUp(patching.noising().paths(paths));
    }

    @Test
    @DisplayName("all edges to the logits add up to the full effect")
    void edges() {
      List<PatchedPath> last =
          PatchedPath.edges(model.config()).stream()
              .filter(edge -> edge.through().equals(List.of(Receiver.logits())))
              .toList();
      assertThat(last).hasSize(9);
      assertSumsUp(patching.paths(last));
    }

    @Test
    @DisplayName("queries and keys carry nothing")
    void queriesAndKeys() {
      for (Receiver receiver : List.of(Receiver.query(1, 2), Receiver.key(1, 2))) {
        PathEffect effect = patching.path(PatchedPath.of(Sender.head(0, 1), receiver));
        assertThat(effect.effect()).isCloseTo(0, within(1e-6));
      }
    }

    private void assertSumsUp(PathEffects effects) {
      assertThat(Math.abs(effects.fullEffect())).isGreaterThan(0.01);
      assertThat(effects.sum()).isCloseTo(effects.fullEffect(), within(1e-6));
    }
  }

  @Nested
  @DisplayName("in two layers with MLPs and LayerNorm")
  class Live {

    private final Transformer model = PatchedModels.withMlps(Normalization.LN);
    private final int[][] clean = PatchedModels.tokens(model, 2, 6, 1L);
    private final int[][] corrupted = PatchedModels.tokens(model, 2, 6, 2L);
    private final Metric metric = Metrics.loss(clean);
    private final PathPatching patching = PathPatching.of(model, clean, corrupted, metric);

    @Test
    @DisplayName("an edge to the logits moves the end of the stream")
    void toLogits() {
      INDArray from = model.runWithCache(clean).cache().get(HookPoint.mlpOut(0));
      INDArray to = model.runWithCache(corrupted).cache().get(HookPoint.mlpOut(0));
      Hooks byHand = Hooks.at(HookPoint.residPost(1), (x, at) -> x.add(from).sub(to));
      assertThat(value(Sender.mlp(0), Receiver.logits()))
          .isCloseTo(metric.of(model.run(corrupted, byHand)), within(1e-5));
    }

    @Test
    @DisplayName("an edge to a head's keys changes what they read")
    void toHead() {
      INDArray from = model.runWithCache(clean).cache().get(HookPoint.EMBED);
      INDArray to = model.runWithCache(corrupted).cache().get(HookPoint.EMBED);
      INDArray delta = from.sub(to);
      Hooks byHand =
          Hooks.at(
              "blocks.0.hook_k_input",
              (x, at) -> {
                for (int b = 0; b < 2; b++) {
                  for (int t = 0; t < 6; t++) {
                    for (int d = 0; d < 16; d++) {
                      int[] i = {b, t, 3, d};
                      x.putScalar(i, x.getDouble(i) + delta.getDouble(b, t, d));
                    }
                  }
                }
                return x;
              });
      assertThat(value(Sender.tokens(), Receiver.key(0, 3)))
          .isCloseTo(metric.of(model.run(corrupted, byHand)), within(1e-5));
    }

    @Test
    @DisplayName("an edge to an MLP changes what it reads, and not the stream beside it")
    void toMlp() {
      // of a single head the output is attn_out
      Transformer one =
          PatchedModels.of(model.config().toBuilder().heads(1).keyValueHeads(1).dHead(4).build());
      INDArray[] written = new INDArray[1];
      int[][] a = PatchedModels.tokens(one, 2, 6, 1L);
      int[][] b = PatchedModels.tokens(one, 2, 6, 2L);
      INDArray x = one.runWithCache(a).cache().get("blocks.0.hook_attn_out");
      INDArray y = one.runWithCache(b).cache().get("blocks.0.hook_attn_out");
      Hooks reads = Hooks.at("blocks.0.hook_resid_mid", (r, at) -> r.add(x).sub(y));
      one.run(b, reads.and(Hooks.read(HookPoint.mlpOut(0), (m, at) -> written[0] = m.dup())));
      Metric loss = Metrics.loss(a);
      double expected = loss.of(one.run(b, Hooks.replace(HookPoint.mlpOut(0), written[0])));
      double value =
          PathPatching.of(one, a, b, loss)
              .path(PatchedPath.of(Sender.head(0, 0), Receiver.mlp(0)))
              .value();
      assertThat(value).isCloseTo(expected, within(1e-5));
    }

    @Test
    @DisplayName("there is an edge from every sender to every receiver after it")
    void everyEdge() {
      PathEffects effects = patching.edges();
      // embeddings: 24 inputs of heads, 2 MLPs, logits; layer 0: 4 heads and 1 MLP; layer 1
      assertThat(effects.effects()).hasSize(27 + 4 * 15 + 14 + 4 * 2 + 1);
      assertThat(effects.toJson().getAsJsonArray("effects")).hasSize(110);
      assertThat(effects.toString()).contains("path patching, loss", " -> ");
    }

    @Test
    @DisplayName("paths patched together have the values that they have one by one")
    void together() {
      for (PathPatching kind : List.of(patching, patching.frozenPatterns().noising())) {
        for (PathEffect effect : kind.edges().effects()) {
          assertThat(kind.path(effect.path()).value())
              .as("%s", effect.path())
              .isCloseTo(effect.value(), within(1e-6));
        }
      }
    }

    @Test
    @DisplayName("paths that do not exist are refused")
    void refusals() {
      assertThatThrownBy(() -> value(Sender.head(1, 0), Receiver.key(0, 1)))
          .hasMessageContaining("no edge from L1H0 to L0H1.K: the sender writes after");
      assertThatThrownBy(() -> value(Sender.head(1, 0), Receiver.value(1, 1)))
          .hasMessageContaining("no edge");
      assertThatThrownBy(() -> value(Sender.mlp(0), Receiver.mlp(0)))
          .hasMessageContaining("no edge");
      assertThatThrownBy(() -> value(Sender.head(0, 9), Receiver.logits()))
          .hasMessageContaining("no L0H9");
      assertThatThrownBy(() -> value(Sender.positions(), Receiver.logits()))
          .hasMessageContaining("positions -> logits: position embeddings are the same in both");
      assertThatThrownBy(() -> PatchedPath.of(Sender.mlp(0)))
          .hasMessageContaining("at least one receiver");
      assertThatThrownBy(() -> PatchedPath.of(Sender.mlp(0), Receiver.logits(), Receiver.mlp(1)))
          .hasMessageContaining("nothing follows the logits");
      PathPatching nan = PathPatching.of(model, clean, corrupted, x -> Double.NaN);
      assertThatThrownBy(nan::edges).hasMessageContaining("NaN");
      assertThatThrownBy(
              () -> PathPatching.of(model, clean, PatchedModels.tokens(model, 2, 5, 2L), metric))
          .hasMessageContaining("clean is [2, 6], corrupted is [2, 5]");
    }

    private double value(Sender from, Receiver to) {
      return patching.path(PatchedPath.of(from, to)).value();
    }
  }

  @Test
  @DisplayName("a model without layers has one edge, which does everything")
  void noLayers() {
    Transformer model = PatchedModels.attentionOnly(0, Normalization.LN);
    int[][] clean = PatchedModels.tokens(model, 1, 1, 1L);
    int[][] corrupted = PatchedModels.tokens(model, 1, 1, 3L);
    PathEffects effects =
        PathPatching.of(model, clean, corrupted, PatchedModels.linear(model, 1, 1, 2L)).edges();
    assertThat(effects.effects()).hasSize(1);
    assertThat(effects.sum()).isCloseTo(effects.fullEffect(), within(1e-6));
  }

  @Test
  @DisplayName("the induction circuit's key edge carries the effect, its query edge none")
  void induction() {
    KnownModel known =
        KnownCircuits.induction(KnownSettings.of(20, 16).heads(3).place(Role.INDUCTION, 1, 2));
    int start = known.settings().start();
    int[][] clean = {{start, 3, 5, 7, 9, 11, 5}};
    int[][] corrupted = {{start, 3, 6, 7, 9, 11, 5}};
    Head previous = known.head(Role.PREVIOUS_TOKEN);
    Head induction = known.head(Role.INDUCTION);
    PathPatching patching =
        PathPatching.of(
            known.model(), clean, corrupted, Metrics.logitDifference(new int[] {7}, new int[] {9}));
    PathEffects edges = patching.edges();
    PathEffect strongest =
        edges.effects().stream()
            .filter(e -> e.path().from() instanceof Sender.OfHead)
            .filter(e -> !e.path().through().contains(Receiver.logits()))
            .max((a, b) -> Double.compare(Math.abs(a.effect()), Math.abs(b.effect())))
            .orElseThrow();
    assertThat(strongest.path())
        .isEqualTo(
            PatchedPath.of(
                new Sender.OfHead(previous), Receiver.key(induction.layer(), induction.head())));
    assertThat(strongest.effect()).isGreaterThan(0.8 * edges.fullEffect());
  }
}
