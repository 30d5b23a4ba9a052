package dev.circuitscope.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DirectLogitAttributionTest {

  private static final String MODELS =
      "dev.circuitscope.circuits.attribution.AttributedModels#everyKind";

  private final AttributedModels two =
      AttributedModels.of(TestModels.config(2, Normalization.LN, Positions.STANDARD));

  @ParameterizedTest
  @MethodSource(MODELS)
  void partsAndOffsetSumToTheLogit(AttributedModels m) {
    LogitDirections answers = LogitDirections.nextTokens(m.answers());
    DirectLogitAttribution dla = DirectLogitAttribution.of(m.model(), m.run(), answers);
    INDArray expected = m.logits((b, p) -> m.answers()[b][Math.min(p + 1, 6)]);
    TensorAssert.assertThat(dla.of(m.stream().byLayer()).total())
        .isCloseTo(expected, Tolerance.ACTIVATIONS);
    TensorAssert.assertThat(dla.of(m.stream().byHead()).total())
        .isCloseTo(expected, Tolerance.ACTIVATIONS);
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void partsAndOffsetSumToTheDifferenceOfTwoLogits(AttributedModels m) {
    LogitDirections difference = LogitDirections.perExample(1, 0).minus(LogitDirections.token(1));
    INDArray expected = m.logits((b, p) -> b == 0 ? 1 : 0).sub(m.logits((b, p) -> 1));
    TensorAssert.assertThat(
            DirectLogitAttribution.of(m.model(), m.run(), difference)
                .of(m.stream().byHead())
                .total())
        .isCloseTo(expected, Tolerance.ACTIVATIONS);
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void itIsTheDotProductOfTheNormalisedPartWithTheTokensDirection(AttributedModels m) {
    ComponentStack parts = m.stream().byHead();
    ComponentStack normalized = FinalNorm.of(m.model(), m.run()).apply(parts);
    INDArray direction = m.unembedding().getColumn(1).dup();
    LogitAttribution attribution =
        DirectLogitAttribution.of(m.model(), m.run(), LogitDirections.token(1)).of(parts);
    int d = m.model().config().dModel();
    for (String label : parts.labels()) {
      INDArray expected =
          normalized.get(label).reshape(14, d).mmul(direction.reshape(d, 1)).reshape(2, 7);
      TensorAssert.assertThat(attribution.value(label))
          .as(label)
          .isCloseTo(expected, Tolerance.ACTIVATIONS);
    }
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void normalisedPartsSumToWhatTheUnembeddingRead(AttributedModels m) {
    INDArray sum = FinalNorm.of(m.model(), m.run()).apply(m.stream().byLayer()).sum();
    int d = m.model().config().dModel();
    int vocab = m.model().config().dVocabOut();
    INDArray read = sum.reshape(14, d);
    if (m.model().config().normalization() == Normalization.LN) {
      read = read.addRowVector(m.model().weights().get("ln_final.b").reshape(1, d));
    }
    INDArray logits =
        read.mmul(m.unembedding())
            .addRowVector(m.model().weights().get("unembed.b_U").reshape(1, vocab));
    TensorAssert.assertThat(logits.reshape(2, 7, vocab))
        .isCloseTo(m.run().logits(), Tolerance.ACTIVATIONS);
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void headsGoStraightToLogitsAsWellAsThroughTheStream(AttributedModels m) {
    DirectLogitAttribution dla =
        DirectLogitAttribution.of(m.model(), m.run(), LogitDirections.perPosition(m.answers()));
    LogitAttribution through = dla.of(m.stream().heads());
    LogitAttribution straight = dla.heads();
    assertThat(straight.labels()).isEqualTo(through.labels());
    TensorAssert.assertThat(straight.values())
        .isCloseTo(through.values(), Tolerance.absolute(1e-5));
    TensorAssert.assertThat(straight.offset()).isCloseTo(through.offset(), Tolerance.EXACT);
  }

  @ParameterizedTest
  @MethodSource(MODELS)
  void neuronsGoStraightToLogitsAsWellAsThroughTheStream(AttributedModels m) {
    assumeThat(m.hasMlps()).isTrue();
    DirectLogitAttribution dla =
        DirectLogitAttribution.of(m.model(), m.run(), LogitDirections.perPosition(m.answers()));
    LogitAttribution through = dla.of(m.stream().neurons());
    LogitAttribution straight = dla.neurons();
    assertThat(straight.labels()).isEqualTo(through.labels());
    TensorAssert.assertThat(straight.values())
        .isCloseTo(through.values(), Tolerance.absolute(1e-5));
  }

  @Test
  void slicesOfTheStackAndOfTheAttributionAreTheSame() {
    DirectLogitAttribution dla =
        DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.perExample(1, 2));
    LogitAttribution whole = dla.of(two.stream().byHead());
    LogitAttribution sliced = dla.of(two.stream().example(1).positions(3, 4).byHead());
    LogitAttribution later = whole.position(3).example(1);
    TensorAssert.assertThat(sliced.values()).isCloseTo(later.values(), Tolerance.absolute(1e-6));
    TensorAssert.assertThat(sliced.total()).isCloseTo(later.total(), Tolerance.absolute(1e-6));
    assertThat(later.total().getDouble(0, 0))
        .isCloseTo(two.run().logits().getDouble(1, 3, 2), within(1e-5));
    assertThat(later.extent()).isEqualTo(sliced.extent());
  }

  @Test
  void theRankingIsByMeanAndTheTableEndsInTheTotal() {
    LogitAttribution a =
        DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.token(2))
            .of(two.stream().byLayer());
    double[] means = a.means();
    for (int c = 0; c < means.length; c++) {
      assertThat(means[c])
          .isCloseTo(a.value(a.labels().get(c)).meanNumber().doubleValue(), within(1e-6));
    }
    double largest = Arrays.stream(means).max().orElseThrow();
    assertThat(means[a.labels().indexOf(a.ranking().get(0))]).isEqualTo(largest);
    assertThat(a.toString().lines().toList())
        .hasSize(7)
        .last()
        .asString()
        .startsWith("total")
        .endsWith("%.4f".formatted(a.total().meanNumber().doubleValue()));
    assertThat(a.toJson().getAsJsonArray("components")).hasSize(4);
  }

  @Nested
  class Lens {

    @ParameterizedTest
    @MethodSource(MODELS)
    void showsTheModelsOwnLogitsAtTheEnd(AttributedModels m) {
      TensorAssert.assertThat(LogitLens.of(m.model(), m.run()).logits("final"))
          .isCloseTo(m.run().logits(), Tolerance.ACTIVATIONS);
      LogitLens fixed = LogitLens.of(m.model(), m.run(), m.stream().accumulated(), LensScale.FINAL);
      TensorAssert.assertThat(fixed.logits("final"))
          .isCloseTo(m.run().logits(), Tolerance.ACTIVATIONS);
    }

    @Test
    void showsWhatTheModelWouldPredictWithoutItsLaterLayers() {
      Hooks off = Hooks.at(HookPoint.attnOut(1), (x, at) -> x.mul(0));
      TensorAssert.assertThat(LogitLens.of(two.model(), two.run()).logits("L1 pre"))
          .isCloseTo(two.model().run(two.tokens(), off), Tolerance.ACTIVATIONS);
    }

    @Test
    void differencesUnderTheFinalScaleAreWhatLayersAdd() {
      LogitLens fixed =
          LogitLens.of(two.model(), two.run(), two.stream().accumulated(), LensScale.FINAL);
      INDArray layerAdds =
          DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.token(8))
              .of(two.stream().byLayer())
              .value("L1 attn");
      INDArray difference = fixed.logits("final").sub(fixed.logits("L1 pre"));
      for (int p = 0; p < 7; p++) {
        assertThat(difference.getDouble(1, p, 8))
            .isCloseTo(layerAdds.getDouble(1, p), within(1e-5));
      }
    }

    @Test
    void logProbabilitiesAtTheEndAreTheLosses() {
      INDArray found =
          LogitLens.of(two.model(), two.run())
              .logProbabilities((b, p) -> two.tokens()[b][Math.min(p + 1, 6)]);
      INDArray losses = two.model().lossPerToken(two.tokens());
      assertThat(found.shape()).containsExactly(3, 2, 7);
      for (int p = 0; p < 6; p++) {
        assertThat(found.getDouble(2, 1, p)).isCloseTo(-losses.getDouble(1, p), within(1e-5));
      }
    }

    @Test
    void showsTheLikeliestTokensFirst() {
      LogitLens lens = LogitLens.of(two.model(), two.run());
      var top = lens.top("final", 1, 4, 3);
      double[] logits = two.run().logits().slice(1).slice(4).dup().toDoubleVector();
      assertThat(top).hasSize(3);
      double largest = Arrays.stream(logits).max().orElseThrow();
      assertThat(logits[top.get(0).token()]).isEqualTo(largest);
      assertThat(top.get(0).probability()).isGreaterThan(top.get(1).probability());
      assertThat(lens.top("L0 pre", 0, 0, 99))
          .hasSize(11)
          .satisfies(
              all ->
                  assertThat(all.stream().mapToDouble(LogitLens.Prediction::probability).sum())
                      .isCloseTo(1, within(1e-6)));
    }
  }

  @Nested
  class Refuses {

    @Test
    void tokensThatTheModelDoesNotPredictOrThatAreMissing() {
      assertThatThrownBy(
              () -> DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.token(11)))
          .hasMessageContaining("token 11");
      assertThatThrownBy(
              () ->
                  DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.perExample(1)))
          .hasMessageContaining("1 examples, not for example 1");
      assertThatThrownBy(
              () ->
                  DirectLogitAttribution.of(
                      two.model(),
                      two.run(),
                      LogitDirections.perPosition(new int[][] {{1, 2}, {1, 2}})))
          .hasMessageContaining("2 positions, not for position 2");
    }

    @Test
    void differencesOfDifferences() {
      LogitDirections difference = LogitDirections.token(1).minus(LogitDirections.token(2));
      assertThatThrownBy(() -> difference.minus(LogitDirections.token(3)))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void runsThatDidNotKeepTheFinalScale() {
      Run bare = two.model().runWithCache(two.tokens(), Capture.nothing(), Hooks.none());
      assertThatThrownBy(
              () -> DirectLogitAttribution.of(two.model(), bare, LogitDirections.token(1)))
          .hasMessageContaining("ln_final.hook_scale was not kept");
    }

    @Test
    void stacksOfAnotherRunAndNeuronsOfAttentionOnlyModels() {
      DirectLogitAttribution dla =
          DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.token(1));
      ComponentStack far =
          ComponentStack.of(List.of("x"), Nd4j.ones(1, 1, 1, 6), new Extent(0, 1, 7, 1));
      assertThatThrownBy(() -> dla.of(far)).hasMessageContaining("positions 7 to 7");
      assertThatThrownBy(dla::neurons).hasMessageContaining("attention-only");
    }
  }
}
