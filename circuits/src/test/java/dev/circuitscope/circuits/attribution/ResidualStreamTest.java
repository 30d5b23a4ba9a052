package dev.circuitscope.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ResidualStreamTest {

  private static final String MODELS =
      "dev.circuitscope.circuits.attribution.AttributedModels#everyKind";

  private final AttributedModels two =
      AttributedModels.of(TestModels.config(2, Normalization.LN, Positions.STANDARD));

  @ParameterizedTest
  @MethodSource(MODELS)
  void layersAndHeadsSumToTheStreamAtItsEnd(AttributedModels m) {
    assertSums(m.stream(), m.stream().residual());
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void layersAndHeadsSumToTheStreamAtEveryPoint(AttributedModels m) {
    for (HookPoint point : m.model().config().hookPoints()) {
      Site site = point.site();
      if (site == Site.RESID_PRE || site == Site.RESID_MID || site == Site.RESID_POST) {
        assertSums(m.stream().upTo(point), m.run().cache().get(point));
      }
    }
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void statesAreTheRunsOwnInOrder(AttributedModels m) {
    ComponentStack states = m.stream().accumulatedWithMid();
    for (String label : states.labels()) {
      String[] place = label.split(" ");
      if (place.length == 2) {
        int layer = Integer.parseInt(place[0].substring(1));
        HookPoint point =
            place[1].equals("pre") ? HookPoint.residPre(layer) : HookPoint.residMid(layer);
        TensorAssert.assertThat(states.get(label))
            .isCloseTo(m.run().cache().get(point), Tolerance.EXACT);
      }
    }
    assertThat(states.labels()).last().isEqualTo("final");
    assertThat(m.stream().accumulated().labels())
        .isEqualTo(states.labels().stream().filter(l -> !l.endsWith("mid")).toList());
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void headsAreTheSameFromResultsAndFromAttentionWeightedValues(AttributedModels m) {
    ComponentStack kept = ResidualStream.of(m.model(), m.runWithHeadResults()).heads();
    ComponentStack computed = m.stream().heads();
    assertThat(computed.labels()).isEqualTo(kept.labels());
    TensorAssert.assertThat(computed.values()).isCloseTo(kept.values(), Tolerance.absolute(1e-6));
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void theRemainderCompletesAnyStack(AttributedModels m) {
    ResidualStream stream = m.stream();
    ComponentStack complete = stream.withRemainder(stream.heads());
    assertThat(complete.size()).isEqualTo(stream.heads().size() + 1);
    TensorAssert.assertThat(complete.sum()).isCloseTo(stream.residual(), Tolerance.absolute(1e-6));
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void neuronsOfALayerAndItsBiasSumToItsMlp(AttributedModels m) {
    assumeThat(m.hasMlps()).isTrue();
    int layer = m.model().config().nLayers() - 1;
    INDArray bias = m.model().weights().get("blocks." + layer + ".mlp.b_out");
    INDArray sum = m.stream().neurons(layer).sum();
    for (int b = 0; b < 2; b++) {
      for (int p = 0; p < 7; p++) {
        for (int i = 0; i < sum.size(2); i++) {
          sum.putScalar(b, p, i, sum.getDouble(b, p, i) + bias.getDouble(i));
        }
      }
    }
    TensorAssert.assertThat(sum)
        .isCloseTo(m.run().cache().get(HookPoint.mlpOut(layer)), Tolerance.ACTIVATIONS);
  }

  @Nested
  class OfAModelWithMlps {

    private final AttributedModels gpt =
        AttributedModels.of(
            TransformerConfig.withMlps(2).heads(2).dModel(6).dMlp(9).vocab(11).context(9).build());

    @Test
    void hasAPointBetweenAttentionAndMlp() {
      assertThat(gpt.stream().accumulatedWithMid().labels())
          .containsExactly("L0 pre", "L0 mid", "L1 pre", "L1 mid", "final");
      assertThat(gpt.stream().upTo(HookPoint.residMid(1)).accumulatedWithMid().labels())
          .containsExactly("L0 pre", "L0 mid", "L1 pre", "L1 mid");
      assertThat(gpt.stream().upTo(HookPoint.residMid(1)).byLayer().labels())
          .containsExactly("embed", "pos_embed", "L0 attn", "L0 mlp", "L1 attn");
      assertThat(gpt.stream().upTo(HookPoint.residMid(0)).byHead().labels())
          .containsExactly("embed", "pos_embed", "L0H0", "L0H1", "biases");
    }

    @Test
    void chosenNeuronsAreThoseOfAllNeurons() {
      ComponentStack all = gpt.stream().neurons();
      assertThat(all.size()).isEqualTo(18);
      ComponentStack chosen = gpt.stream().positions(2, 5).neurons(1, 8, 3);
      assertThat(chosen.labels()).containsExactly("L1N8", "L1N3");
      TensorAssert.assertThat(chosen.values())
          .isCloseTo(all.select(chosen.labels()).positions(2, 5).values(), Tolerance.EXACT);
    }

    @Test
    void refusesNeuronsThatItDoesNotHave() {
      assertThatThrownBy(() -> gpt.stream().neurons(1, 9)).hasMessageContaining("neurons 0 to 8");
      assertThatThrownBy(() -> gpt.stream().neurons(2, 0)).hasMessageContaining("layer 2");
      assertThatThrownBy(() -> gpt.stream().upTo(HookPoint.residMid(1)).neurons(1, 0))
          .hasMessageContaining("after 1 layers");
    }

    @Test
    void refusesStacksThatNoMemoryHoldsAndNamesAnotherWay() {
      assertThatThrownBy(() -> ComponentStack.allocate(36_864, new Extent(0, 2, 0, 1024), 768))
          .hasMessageContaining("36,864 components")
          .hasMessageContaining("DirectLogitAttribution");
    }
  }

  @Test
  void componentsAreCalledAfterWhatTheyAre() {
    assertThat(two.stream().byLayer().labels())
        .containsExactly("embed", "pos_embed", "L0 attn", "L1 attn");
    assertThat(two.stream().byHead().labels())
        .containsExactly(
            "embed", "pos_embed", "L0H0", "L0H1", "L0H2", "L1H0", "L1H1", "L1H2", "biases");
    assertThat(two.stream().accumulated().labels()).containsExactly("L0 pre", "L1 pre", "final");
    assertThat(two.stream().upTo(HookPoint.residPre(1)).accumulated().labels())
        .containsExactly("L0 pre", "L1 pre");
    assertThat(two.stream().upTo(HookPoint.residPost(0)).byLayer().labels())
        .containsExactly("embed", "pos_embed", "L0 attn");
  }

  @Test
  void positionsOfShortformersAreNotInTheStream() {
    AttributedModels m =
        AttributedModels.of(TestModels.config(1, Normalization.NONE, Positions.SHORTFORMER));
    assertThat(m.stream().byLayer().labels()).containsExactly("embed", "L0 attn");
  }

  @Test
  void aNarrowStreamIsASliceOfTheWholeOne() {
    ComponentStack whole = two.stream().byHead();
    INDArray expected =
        whole
            .values()
            .get(
                NDArrayIndex.all(),
                NDArrayIndex.interval(1, 2),
                NDArrayIndex.interval(2, 5),
                NDArrayIndex.all());
    ComponentStack narrowFirst = two.stream().example(1).positions(2, 5).byHead();
    ComponentStack narrowLater = whole.positions(2, 5).example(1);
    TensorAssert.assertThat(narrowFirst.values()).isCloseTo(expected, Tolerance.absolute(1e-6));
    TensorAssert.assertThat(narrowLater.values()).isCloseTo(expected, Tolerance.EXACT);
    assertThat(narrowFirst.extent()).isEqualTo(new Extent(1, 1, 2, 3));
    assertThat(narrowLater.extent()).isEqualTo(narrowFirst.extent());
    assertThat(whole.position(6).example(0).values().shape()).containsExactly(9, 1, 1, 6);
  }

  @Test
  void anExampleDoesNotDependOnItsBatch() {
    Run alone = two.model().runWithCache(new int[][] {two.tokens()[1]});
    TensorAssert.assertThat(ResidualStream.of(two.model(), alone).byHead().values())
        .isCloseTo(two.stream().example(1).byHead().values(), Tolerance.EXACT);
  }

  @Test
  void aStackPrintsNormsAndSharesOfItsSum() {
    ComponentStack stack =
        ComponentStack.of(
            List.of("along", "against"),
            Nd4j.createFromArray(new float[][] {{6, 8}, {-3, -4}}).reshape(2, 1, 1, 2),
            new Extent(0, 1, 3, 1));
    assertThat(stack.toString().lines())
        .containsExactly(
            "2 components on examples 0 to 0, positions 3 to 3, d_model 2",
            "                  norm  share of sum",
            "along           10.000         2.000",
            "against          5.000        -1.000");
  }

  @Nested
  class Refuses {

    @Test
    void pointsThatAreNotOfTheStream() {
      assertThatThrownBy(() -> two.stream().upTo(HookPoint.pattern(0)))
          .hasMessageContaining("not blocks.0.attn.hook_pattern");
      assertThatThrownBy(() -> two.stream().upTo(HookPoint.residPre(2)))
          .hasMessageContaining("2 layers");
      assertThatThrownBy(() -> two.stream().upTo(HookPoint.residMid(0)))
          .hasMessageContaining("hook_resid_mid");
    }

    @Test
    void examplesAndPositionsThatTheRunDoesNotHave() {
      assertThatThrownBy(() -> two.stream().example(2)).hasMessageContaining("example 2");
      assertThatThrownBy(() -> two.stream().positions(3, 8)).hasMessageContaining("before 8");
      assertThatThrownBy(() -> two.stream().positions(3, 3)).hasMessageContaining("from 3");
      assertThatThrownBy(() -> two.stream().byLayer().position(-1))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neuronsOfAttentionOnlyModels() {
      assertThatThrownBy(() -> two.stream().neurons()).hasMessageContaining("attention-only");
      assertThatThrownBy(() -> two.stream().neurons(0, 1)).hasMessageContaining("attention-only");
    }

    @Test
    void whatTheRunDidNotKeepAndSaysHowToKeepIt() {
      Run bare = two.model().runWithCache(two.tokens(), Capture.nothing(), Hooks.none());
      assertThatThrownBy(() -> ResidualStream.of(two.model(), bare).byLayer())
          .hasMessageContaining("hook_embed was not kept");
    }

    @Test
    void runsOfAnotherModelAndLabelsThatAreNotThere() {
      Run other = AttributedModels.of(two.model().config().toBuilder().vocabOut(12).build()).run();
      assertThatThrownBy(() -> ResidualStream.of(two.model(), other))
          .hasMessageContaining("[2, 7, 12]");
      assertThatThrownBy(() -> two.stream().byLayer().get("L7 attn"))
          .hasMessageContaining("L7 attn")
          .hasMessageContaining("pos_embed");
      assertThatThrownBy(() -> two.stream().heads().and(two.stream().heads()))
          .hasMessageContaining("same label");
    }
  }

  private static void assertSums(ResidualStream stream, INDArray expected) {
    TensorAssert.assertThat(stream.byLayer().sum()).isCloseTo(expected, Tolerance.ACTIVATIONS);
    TensorAssert.assertThat(stream.byHead().sum()).isCloseTo(expected, Tolerance.ACTIVATIONS);
    TensorAssert.assertThat(stream.residual()).isCloseTo(expected, Tolerance.EXACT);
  }
}
