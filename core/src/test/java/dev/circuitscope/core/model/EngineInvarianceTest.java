package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** On what results do not depend: same bits, not just close. */
class EngineInvarianceTest {

  /** Longer than the engine's tiles and row blocks, so that there is work to divide. */
  private static final TransformerConfig CONFIG =
      TransformerConfig.attentionOnly(2)
          .heads(3)
          .dModel(41)
          .dHead(13)
          .vocab(83)
          .context(150)
          .build();

  private final int threadsBefore = Parallel.threads();
  private final Transformer model = Transformer.of(CONFIG, TestModels.weights(CONFIG, 11L));
  private final int[][] tokens = TestModels.tokens(CONFIG, 3, 133, 12L);

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threadsBefore);
  }

  @Test
  void anExamplesActivationsAreTheSameAloneAndInABatch() {
    Run together = model.runWithCache(tokens, Capture.everything(), Hooks.none());
    for (int b = 0; b < tokens.length; b++) {
      int[][] one = {tokens[b]};
      Run alone = model.runWithCache(one, Capture.everything(), Hooks.none());
      TensorAssert.assertThat(example(together.logits(), b)).hasSameBitsAs(alone.logits());
      for (HookPoint point : CONFIG.hookPoints()) {
        TensorAssert.assertThat(example(together.cache().get(point), b))
            .as(point + " of example " + b)
            .hasSameBitsAs(alone.cache().get(point));
      }
      TensorAssert.assertThat(example(model.lossPerToken(tokens), b))
          .hasSameBitsAs(model.lossPerToken(one));
    }
  }

  @Test
  void shortExamplesThatShareABlockOfRowsAreTheSameAlone() {
    int[][] many = TestModels.tokens(CONFIG, 11, 23, 13L);
    for (int threads : new int[] {1, 2, 5}) {
      Parallel.setThreads(threads);
      Run together = model.runWithCache(many, Capture.everything(), Hooks.none());
      for (int b = 0; b < many.length; b++) {
        int[][] one = {many[b]};
        Run alone = model.runWithCache(one, Capture.everything(), Hooks.none());
        TensorAssert.assertThat(example(together.logits(), b)).hasSameBitsAs(alone.logits());
        for (HookPoint point : CONFIG.hookPoints()) {
          TensorAssert.assertThat(example(together.cache().get(point), b))
              .as("%s of example %d, %d threads", point, b, threads)
              .hasSameBitsAs(alone.cache().get(point));
        }
        TensorAssert.assertThat(example(model.lossPerToken(many), b))
            .hasSameBitsAs(model.lossPerToken(one));
      }
    }
  }

  @Test
  void nothingDependsOnTheNumberOfThreads() {
    Parallel.setThreads(1);
    GradientRun one = model.runWithGradients(tokens, Capture.everything(), Hooks.none());
    for (int threads : new int[] {2, 5}) {
      Parallel.setThreads(threads);
      requireSame(model.runWithGradients(tokens, Capture.everything(), Hooks.none()), one);
    }
  }

  @Test
  void nothingDependsOnTheRunsBefore() {
    GradientRun first = model.runWithGradients(tokens);
    for (int i = 0; i < 2; i++) {
      try (var cache = model.runWithCache(new int[][] {tokens[i]}).cache()) {
        assertThat(cache.points()).isNotEmpty();
      }
      requireSame(model.runWithGradients(tokens), first);
    }
  }

  @Test
  void nothingDependsOnRunsInOtherThreads() throws Exception {
    GradientRun expected = model.runWithGradients(tokens);
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Callable<GradientRun>> runs =
          IntStream.range(0, 4)
              .<Callable<GradientRun>>mapToObj(i -> () -> model.runWithGradients(tokens))
              .toList();
      for (Future<GradientRun> run : pool.invokeAll(runs)) {
        requireSame(run.get(), expected);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void whatIsCapturedChangesNoLogits() {
    INDArray logits = model.run(tokens);
    for (Capture capture : List.of(Capture.nothing(), Capture.all())) {
      TensorAssert.assertThat(model.runWithCache(tokens, capture, Hooks.none()).logits())
          .hasSameBitsAs(logits);
      TensorAssert.assertThat(model.runWithGradients(tokens, capture, Hooks.none()).logits())
          .hasSameBitsAs(logits);
    }
  }

  private static void requireSame(GradientRun run, GradientRun expected) {
    assertThat(run.loss()).isEqualTo(expected.loss());
    TensorAssert.assertThat(run.logits()).as("logits").hasSameBitsAs(expected.logits());
    for (HookPoint point : expected.cache().points()) {
      TensorAssert.assertThat(run.cache().get(point))
          .as(point.name())
          .hasSameBitsAs(expected.cache().get(point));
    }
    for (HookPoint point : expected.gradients().points()) {
      TensorAssert.assertThat(run.gradients().get(point))
          .as("gradient at " + point)
          .hasSameBitsAs(expected.gradients().get(point));
    }
    TensorAssert.assertThat(run.weightGradients().block().toArray())
        .as("weight gradients")
        .hasSameBitsAs(expected.weightGradients().block().toArray());
  }

  private static INDArray example(INDArray batch, int index) {
    return batch.get(NDArrayIndex.interval(index, index + 1)).dup('c');
  }
}
