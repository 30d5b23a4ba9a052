package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.paths.FrozenRun;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Paths with frozen patterns beside the same paths in float64, through the linear maps of a frozen
 * run. The weights are not small: logits are some tens.
 */
@DisplayName("Paths from the tokens to the logits, in two layers with frozen patterns")
class PathSumRuleTest {

  private static final int LENGTH = 6;

  private final Transformer model = PatchedModels.attentionOnly(2, Normalization.NONE);
  private final int[][] clean = PatchedModels.tokens(model, 1, LENGTH, 1L);
  private final int[][] corrupted = PatchedModels.tokens(model, 1, LENGTH, 2L);
  private final INDArray weights = weights();
  private final FrozenRun run = FrozenRun.of(model, corrupted[0]);
  private final INDArray moved = embedded(run.withTokens(clean[0])).sub(embedded(run));

  private final List<PatchedPath> paths = new ArrayList<>();

  /** What each path adds to the metric, in float64. */
  private final List<Double> exact = new ArrayList<>();

  PathSumRuleTest() {
    Sender tokens = Sender.tokens();
    add(PatchedPath.of(tokens, Receiver.logits()), moved);
    for (int h = 0; h < model.config().nHeads(); h++) {
      Receiver early = Receiver.value(0, h);
      Receiver late = Receiver.value(1, h);
      INDArray written = run.through(new Head(0, h), moved);
      add(PatchedPath.of(tokens, early, Receiver.logits()), written);
      add(PatchedPath.of(tokens, late, Receiver.logits()), run.through(new Head(1, h), moved));
      for (int g = 0; g < model.config().nHeads(); g++) {
        add(
            PatchedPath.of(tokens, early, Receiver.value(1, g), Receiver.logits()),
            run.through(new Head(1, g), written));
      }
    }
  }

  @Test
  @DisplayName("add up to the full effect in float64, to 1e-10")
  void sumRule() {
    double full = metric(run.withTokens(clean[0]).logits().sub(run.logits()));
    assertThat(Math.abs(full)).isGreaterThan(1);
    assertThat(exact.stream().mapToDouble(x -> x).sum()).isCloseTo(full, within(1e-10));
  }

  @Test
  @DisplayName("do in the engine what they do in float64, to 1e-6 of what the metric sums")
  void asInFloat64() {
    PathEffects effects =
        PathPatching.of(model, clean, corrupted, Metrics.linear(weights))
            .frozenPatterns()
            .paths(paths);
    double size =
        Transforms.abs(weights).mul(Transforms.abs(model.run(corrupted))).sumNumber().doubleValue();
    for (int i = 0; i < paths.size(); i++) {
      assertThat(effects.effects().get(i).effect())
          .as("%s", paths.get(i))
          .isCloseTo(exact.get(i), within(1e-6 * size));
    }
    assertThat(effects.sum()).isCloseTo(effects.fullEffect(), within(1e-6 * size));
  }

  private void add(PatchedPath path, INDArray end) {
    paths.add(path);
    exact.add(metric(run.logitsOfPart(end)));
  }

  /** The stream that no head has written to. */
  private static INDArray embedded(FrozenRun run) {
    return run.stream(0);
  }

  private double metric(INDArray logits) {
    return weights
        .castTo(DataType.DOUBLE)
        .reshape(logits.shape())
        .mul(logits)
        .sumNumber()
        .doubleValue();
  }

  private INDArray weights() {
    SplittableRandom random = new SplittableRandom(4L);
    int v = model.config().dVocabOut();
    return Nd4j.createFromArray(random.doubles((long) LENGTH * v, -1, 1).toArray())
        .castTo(DataType.FLOAT)
        .reshape('c', 1, LENGTH, v);
  }
}
