package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What holds for every architecture, and what single ones promise. */
class EngineArchitecturesTest {

  private static final int BATCH = 3;

  private final int threadsBefore = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threadsBefore);
  }

  /** Every architecture, and three whose rows are wider than vectors and longer than tiles. */
  static Stream<TransformerConfig> kinds() {
    return Stream.concat(
        TestModels.family(),
        Stream.of(
            large().activation(Activation.GELU).build(),
            large()
                .activation(Activation.SILU)
                .gatedMlp(true)
                .keyValueHeads(1)
                .rotary(Rotary.of(12))
                .normalization(Normalization.RMS)
                .build(),
            large()
                .activation(Activation.SOLU_LN)
                .smearedKeys(true)
                .parallelMlp(true)
                .tiedUnembedding(true)
                .build()));
  }

  private static TransformerConfigBuilder large() {
    return TransformerConfig.withMlps(2)
        .heads(3)
        .dModel(41)
        .dHead(13)
        .dMlp(90)
        .vocab(83)
        .context(290);
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 21L));
  }

  private static int[][] tokens(TransformerConfig config) {
    return TestModels.tokens(config, BATCH, Math.min(config.nCtx(), 271), 22L);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anExamplesActivationsAreTheSameAloneAndInABatch(TransformerConfig config) {
    Transformer model = model(config);
    int[][] tokens = tokens(config);
    Run together = model.runWithCache(tokens, Capture.everything(), Hooks.none());
    for (int b = 0; b < BATCH; b++) {
      Run alone = model.runWithCache(new int[][] {tokens[b]}, Capture.everything(), Hooks.none());
      TensorAssert.assertThat(example(together.logits(), b)).hasSameBitsAs(alone.logits());
      for (HookPoint point : config.hookPoints()) {
        TensorAssert.assertThat(example(together.cache().get(point), b))
            .as(point + " of example " + b)
            .hasSameBitsAs(alone.cache().get(point));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void nothingDependsOnTheNumberOfThreads(TransformerConfig config) {
    Transformer model = model(config);
    int[][] tokens = tokens(config);
    Parallel.setThreads(1);
    GradientRun one = model.runWithGradients(tokens);
    Parallel.setThreads(2);
    GradientRun two = model.runWithGradients(tokens);
    TensorAssert.assertThat(two.logits()).hasSameBitsAs(one.logits());
    for (HookPoint point : one.gradients().points()) {
      TensorAssert.assertThat(two.gradients().get(point))
          .as("gradient at " + point)
          .hasSameBitsAs(one.gradients().get(point));
    }
    assertThat(two.weightGradients().block().toArray())
        .isEqualTo(one.weightGradients().block().toArray());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aTrainingStepsGradientsAreThoseOfARunThatKeepsEverything(TransformerConfig config) {
    Transformer model = model(config);
    int[][] tokens = tokens(config);
    Weights step = Weights.zeros(config);
    step.block().write(0, nans(step.block().length()), 0, step.block().length());
    double loss = model.lossAndGradients(tokens, step);
    GradientRun run = model.runWithGradients(tokens);
    assertThat(loss).isEqualTo(run.loss());
    run.weightGradients()
        .toMap()
        .forEach(
            (name, gradient) ->
                TensorAssert.assertThat(step.get(name))
                    .as(name)
                    .isCloseTo(gradient, Tolerance.GRADIENTS));
  }

  @Nested
  class ATiedUnembedding {

    private final TransformerConfig config =
        TestModels.config(1, Normalization.LN, Positions.STANDARD).toBuilder()
            .tiedUnembedding(true)
            .build();
    private final Transformer tied = model(config);

    @Test
    void isTheEmbeddingsTransposeAndACopy() {
      INDArray wU = tied.weights().get("unembed.W_U");
      TensorAssert.assertThat(wU)
          .hasSameBitsAs(tied.weights().get("embed.W_E").transpose().dup('c'));
      wU.assign(0);
      assertThat(tied.weights().get("unembed.W_U").amaxNumber().doubleValue()).isPositive();
    }

    @Test
    void sharesOneGradientWithTheEmbedding() {
      TransformerConfig apart = config.toBuilder().tiedUnembedding(false).build();
      var arrays = tied.weights().toMap();
      arrays.put("unembed.W_U", tied.weights().get("unembed.W_U"));
      Transformer untied = Transformer.of(apart, Weights.of(apart, arrays));
      int[][] tokens = tokens(config);
      Weights one = tied.runWithGradients(tokens).weightGradients();
      Weights two = untied.runWithGradients(tokens).weightGradients();
      TensorAssert.assertThat(untied.run(tokens))
          .isCloseTo(tied.run(tokens), Tolerance.ACTIVATIONS);
      TensorAssert.assertThat(one.get("embed.W_E"))
          .isCloseTo(
              two.get("embed.W_E").add(two.get("unembed.W_U").transpose()), Tolerance.GRADIENTS);
    }
  }

  @Nested
  class RotaryPositions {

    private final TransformerConfig config =
        TestModels.config(1, Normalization.LN, Positions.NONE).toBuilder()
            .rotary(Rotary.of(4))
            .build();
    private final Transformer model = model(config);
    private final int[][] tokens = tokens(config);

    @Test
    void leaveHookQAsItWasWhetherOrNotTheRotatedAreKept() {
      Run all = model.runWithCache(tokens);
      for (HookPoint point : new HookPoint[] {HookPoint.q(0), HookPoint.k(0)}) {
        Run alone = model.runWithCache(tokens, Capture.only(point), Hooks.none());
        TensorAssert.assertThat(alone.cache().get(point)).hasSameBitsAs(all.cache().get(point));
      }
      assertThat(all.cache().get(HookPoint.q(0)).equals(all.cache().get(HookPoint.rotQ(0))))
          .isFalse();
    }

    @Test
    void turnNothingAtPositionZeroAndKeepLengths() {
      Run run = model.runWithCache(tokens);
      INDArray q = run.cache().get(HookPoint.q(0));
      INDArray rotated = run.cache().get(HookPoint.rotQ(0));
      TensorAssert.assertThat(rotated.get(NDArrayIndex.all(), NDArrayIndex.point(0)).dup('c'))
          .hasSameBitsAs(q.get(NDArrayIndex.all(), NDArrayIndex.point(0)).dup('c'));
      TensorAssert.assertThat(Transforms.pow(rotated, 2).sum(3))
          .isCloseTo(Transforms.pow(q, 2).sum(3), Tolerance.ACTIVATIONS);
    }

    @Test
    void makeScoresDependOnDistancesOnly() {
      int[][] same = {{3, 3, 3, 3, 3, 3, 3, 3}};
      INDArray scores = model.runWithCache(same).cache().get(HookPoint.attnScores(0));
      for (int head = 0; head < 3; head++) {
        for (int dest = 1; dest < 8; dest++) {
          for (int src = 1; src <= dest; src++) {
            assertThat(scores.getDouble(0, head, dest, src))
                .isCloseTo(
                    scores.getDouble(0, head, dest - 1, src - 1),
                    org.assertj.core.api.Assertions.within(1e-5));
          }
        }
      }
    }
  }

  @Nested
  class BidirectionalAttention {

    @Test
    void masksNothing() {
      TransformerConfig config = large().direction(AttentionDirection.BIDIRECTIONAL).build();
      int[][] tokens = tokens(config);
      Run run = model(config).runWithCache(tokens);
      INDArray scores = run.cache().get(HookPoint.attnScores(1));
      assertThat(scores.minNumber().doubleValue()).isGreaterThan(-1e6);
      assertThat(run.cache().get(HookPoint.pattern(1)).minNumber().doubleValue()).isPositive();
    }
  }

  private static float[] nans(int n) {
    float[] nans = new float[n];
    Arrays.fill(nans, Float.NaN);
    return nans;
  }

  private static INDArray example(INDArray batch, int index) {
    return batch.get(NDArrayIndex.interval(index, index + 1)).dup('c');
  }
}
