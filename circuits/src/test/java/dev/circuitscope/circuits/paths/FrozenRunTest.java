package dev.circuitscope.circuits.paths;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class FrozenRunTest {

  static final Tolerance EXACT = Tolerance.absolute(1e-10);
  static final String MODELS = "dev.circuitscope.circuits.paths.FrozenReference#models";

  static INDArray random(long seed, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] x = random.doubles((long) rows * columns, -1, 1).toArray();
    return Nd4j.createFromArray(x).reshape('c', rows, columns);
  }

  static double dot(INDArray a, INDArray b) {
    return DoubleMatrix.of(a).dot(DoubleMatrix.of(b));
  }

  private static TransformerConfig twoLayers() {
    return TestModels.config(2, Normalization.LN, Positions.STANDARD);
  }

  @Nested
  class OfAnyArchitecture {

    @ParameterizedTest
    @MethodSource(MODELS)
    void theLogitsAreThoseOfTheModel(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      INDArray logits = reference.frozen().logits();
      assertThat(logits.dataType()).isEqualTo(DataType.DOUBLE);
      TensorAssert.assertThat(logits.dup('c').data().asDouble())
          .isCloseTo(reference.run.logits().values(), EXACT);
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void theStreamBeforeEachLayerIsThatOfTheModel(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      FrozenRun run = reference.frozen();
      for (int layer = 0; layer < config.nLayers(); layer++) {
        TensorAssert.assertThat(run.stream(layer).dup('c').data().asDouble())
            .isCloseTo(reference.run.get(HookPoint.residPre(layer)).values(), EXACT);
      }
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void otherTokensGiveWhatTheModelGivesWhenPatternsScalesAndMlpsArePutBack(
        TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      int[] others = TestModels.tokens(config, 1, 6, 77)[0];
      TensorAssert.assertThat(
              reference.frozen().withTokens(others).logits().dup('c').data().asDouble())
          .isCloseTo(reference.run(others, h -> true).logits().values(), EXACT);
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void headsThatDoNotWriteAreThoseOfAPatternPreservingAblation(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      Predicate<Head> writes = head -> (head.layer() + head.head()) % 2 == 0;
      TensorAssert.assertThat(reference.frozen().logits(writes).dup('c').data().asDouble())
          .isCloseTo(reference.run(reference.tokens, writes).logits().values(), EXACT);
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void logitsAreLinearInOneHotInputs(TransformerConfig config) {
      FrozenRun run = FrozenReference.of(config).frozen();
      int v = config.dVocab();
      INDArray x = random(1, 6, v);
      INDArray y = random(2, 6, v);
      INDArray none = run.withInputs(x.mul(0)).logits();
      INDArray ofX = run.withInputs(x).logits().sub(none);
      INDArray ofY = run.withInputs(y).logits().sub(none);
      TensorAssert.assertThat(run.withInputs(x.mul(0.3).add(y.mul(-2))).logits().sub(none))
          .isCloseTo(ofX.mul(0.3).add(ofY.mul(-2)), EXACT);
      INDArray change = Nd4j.zeros(DataType.DOUBLE, 6, v).putScalar(2, 1 % v, 1000);
      INDArray small = change.mul(1e-3);
      TensorAssert.assertThat(run.withInputs(x.add(change)).logits().sub(ofX).sub(none))
          .isCloseTo(
              run.withInputs(x.add(small)).logits().sub(ofX).sub(none).mul(1000),
              new Tolerance(1e-9, 1e-10));
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void oneHotInputsOfTheTokensGiveTheRun(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      INDArray oneHot = Nd4j.zeros(DataType.DOUBLE, 6, config.dVocab());
      for (int t = 0; t < 6; t++) {
        oneHot.putScalar(t, reference.tokens[t], 1);
      }
      FrozenRun run = reference.frozen();
      TensorAssert.assertThat(run.withInputs(oneHot).logits()).isCloseTo(run.logits(), EXACT);
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void goingBackThroughAHeadIsTheAdjointOfGoingThroughIt(TransformerConfig config) {
      FrozenRun run = FrozenReference.of(config).frozen();
      INDArray x = random(3, 6, config.dModel());
      INDArray direction = random(4, 6, config.dModel());
      for (int layer = 0; layer < config.nLayers(); layer++) {
        for (Head head : run.heads(layer)) {
          assertThat(dot(run.back(head, direction), x))
              .isCloseTo(dot(direction, run.through(head, x)), within(1e-10));
        }
      }
    }
  }

  @Nested
  class OfOneRun {

    private final FrozenReference reference = FrozenReference.of(twoLayers());
    private final FrozenRun run = reference.frozen();

    @Test
    void sourcesBeforeALayerSumToTheStreamWithoutHeads() {
      INDArray sum = Nd4j.zeros(DataType.DOUBLE, 6, 6);
      run.sources().forEach(source -> sum.addi(run.source(source, 2)));
      TensorAssert.assertThat(sum).isCloseTo(run.stream(2, head -> false), EXACT);
      assertThat(run.sources()).containsExactly(Source.TOKENS, Source.POSITIONS, Source.BIASES);
    }

    @Test
    void outputsOfMlpsAreASourceOfModelsThatHaveThem() {
      TransformerConfig config =
          TestModels.family().filter(c -> c.mlp().isPresent()).findFirst().get();
      assertThat(FrozenReference.of(config).frozen().sources()).contains(Source.MLPS);
    }

    @Test
    void aVirtualHeadsPatternIsTheProductOfItsHeadsPatterns() {
      Head early = new Head(0, 1);
      Head late = new Head(1, 2);
      INDArray first = run.pattern(early);
      INDArray second = run.pattern(late);
      INDArray composite = run.pattern(HeadPath.of(early, late));
      for (int dest = 0; dest < 6; dest++) {
        double row = 0;
        for (int src = 0; src < 6; src++) {
          double sum = 0;
          for (int between = 0; between < 6; between++) {
            sum += second.getDouble(dest, between) * first.getDouble(between, src);
          }
          assertThat(composite.getDouble(dest, src)).isCloseTo(sum, within(1e-12));
          row += composite.getDouble(dest, src);
        }
        assertThat(row).isCloseTo(1, within(1e-12));
      }
      TensorAssert.assertThat(run.pattern(HeadPath.DIRECT))
          .isCloseTo(Nd4j.eye(6).castTo(DataType.DOUBLE), Tolerance.EXACT);
    }

    @Test
    void anotherPatternMovesOtherThings() {
      Head head = new Head(0, 0);
      FrozenRun changed = run.withPattern(head, Nd4j.zeros(DataType.DOUBLE, 6, 6));
      TensorAssert.assertThat(changed.logits()).isCloseTo(run.logits(h -> !h.equals(head)), EXACT);
      TensorAssert.assertThat(run.logits()).isCloseTo(reference.frozen().logits(), Tolerance.EXACT);
    }

    @Test
    void theLossIsThatOfTheModel() {
      assertThat(run.loss(run.logits())).isCloseTo(reference.run.loss(), within(1e-10));
    }

    @Test
    void anEngineModelAndItsReferenceGiveTheSameRun() {
      Transformer model = Transformer.of(twoLayers(), TestModels.weights(twoLayers(), 5));
      TensorAssert.assertThat(FrozenRun.of(model, reference.tokens).logits())
          .isCloseTo(run.logits(), Tolerance.EXACT);
    }

    @Test
    void aSequenceOfOneTokenHasARunButNoLoss() {
      FrozenRun single = FrozenRun.of(reference.model, new int[] {3});
      double[] expected = reference.model.run(new int[][] {{3}}).logits().values();
      TensorAssert.assertThat(single.logits().dup('c').data().asDouble())
          .isCloseTo(expected, EXACT);
      assertThatThrownBy(() -> single.loss(single.logits()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least 2 tokens");
    }
  }

  @Nested
  class RefusesWhatDoesNotFit {

    private final FrozenRun run = FrozenReference.of(twoLayers()).frozen();

    @Test
    void aHeadThatTheModelDoesNotHave() {
      INDArray x = random(1, 6, 6);
      assertThatThrownBy(() -> run.through(new Head(2, 0), x))
          .hasMessage("no head L2H0: the model has 2 layers of 3 heads");
      assertThatThrownBy(() -> run.pattern(HeadPath.of(new Head(0, 3))))
          .hasMessageContaining("L0H3");
    }

    @Test
    void partsOfAnotherShape() {
      assertThatThrownBy(() -> run.through(new Head(0, 0), random(1, 5, 6)))
          .hasMessage("through L0H0 takes an array of shape [6, 6], was [5, 6]");
      assertThatThrownBy(() -> run.withTokens(new int[5]))
          .hasMessage("withTokens takes as many tokens as the run has positions, 6, was 5");
      assertThatThrownBy(() -> run.withInputs(random(1, 6, 10))).hasMessageContaining("[6, 11]");
    }

    @Test
    void tokensAndLayersThatDoNotExist() {
      int[] tokens = run.tokens();
      tokens[2] = 11;
      assertThatThrownBy(() -> run.withTokens(tokens))
          .hasMessage("token 11 at position 2 is not in the vocabulary of 11");
      assertThatThrownBy(() -> run.stream(3)).hasMessageContaining("no layer 3");
    }
  }

  @Nested
  class OverManySequences {

    @Test
    void runsAreThoseOfEachSequence() {
      FrozenReference reference = FrozenReference.of(twoLayers());
      int[][] sequences = TestModels.tokens(twoLayers(), 5, 6, 9);
      FrozenRuns runs = FrozenRuns.of(reference.model, sequences).describedAs("random tokens");
      assertThat(runs.map((i, run) -> Arrays.toString(run.tokens())))
          .containsExactlyElementsOf(Arrays.stream(sequences).map(Arrays::toString).toList());
      assertThat(runs.provenance().toString()).startsWith("5 sequences of 6 tokens: random tokens");
    }

    @Test
    void thereMustBeSequencesOfOneLength() {
      FrozenReference reference = FrozenReference.of(twoLayers());
      assertThatThrownBy(() -> FrozenRuns.of(reference.model, new int[0][]))
          .hasMessageContaining("at least one");
      assertThatThrownBy(() -> FrozenRuns.of(reference.model, new int[][] {{1, 2}, {3}}))
          .hasMessage("sequences must be equally long, were 2 and 1 tokens");
    }
  }
}
