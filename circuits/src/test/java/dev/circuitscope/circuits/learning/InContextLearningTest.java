package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class InContextLearningTest {

  private final TransformerConfig config =
      TransformerConfig.attentionOnly(2).heads(2).dModel(16).vocab(30).context(32).build();
  private final Transformer model = Transformer.create(config, 4L);
  private final int[][] text = random(9, 32);

  private static int[][] random(int sequences, int length) {
    SplittableRandom random = new SplittableRandom(3);
    int[][] tokens = new int[sequences][];
    for (int b = 0; b < sequences; b++) {
      tokens[b] = random.ints(length, 0, 30).toArray();
    }
    return tokens;
  }

  @Test
  void theScoreIsTheLateLossMinusTheEarlyOne() {
    InContextLearning measured =
        InContextLearning.of(model, text, new LossPositions(2, 30), RunSettings.plain());
    INDArray losses = model.lossPerToken(text);
    DescriptiveStatistics scores = new DescriptiveStatistics();
    DescriptiveStatistics means = new DescriptiveStatistics();
    for (int b = 0; b < 9; b++) {
      scores.addValue(losses.getDouble(b, 30) - losses.getDouble(b, 2));
      means.addValue(losses.getRow(b).meanNumber().doubleValue());
    }
    assertThat(measured.score().mean()).isCloseTo(scores.getMean(), within(1e-12));
    assertThat(measured.score().standardError())
        .isCloseTo(scores.getStandardDeviation() / 3, within(1e-12));
    assertThat(measured.score().samples()).isEqualTo(9);
    assertThat(measured.loss().mean()).isCloseTo(model.loss(text), within(1e-6));
    assertThat(measured.loss().standardError())
        .isCloseTo(means.getStandardDeviation() / 3, within(1e-6));
  }

  @Test
  void lossByPositionIsTheMeanOverSequences() {
    double[] curve = InContextLearning.of(model, text).lossByPosition();
    INDArray losses = model.lossPerToken(text);
    assertThat(curve).hasSize(31);
    for (int t = 0; t < 31; t++) {
      double sum = 0;
      for (int b = 0; b < 9; b++) {
        sum += losses.getDouble(b, t);
      }
      assertThat(curve[t]).isCloseTo(sum / 9, within(1e-12));
    }
  }

  @Test
  void theBatchSizeChangesNothing() {
    LossPositions positions = LossPositions.scaledTo(32);
    InContextLearning all = InContextLearning.of(model, text);
    for (int batch : new int[] {1, 4, 9}) {
      InContextLearning some =
          InContextLearning.of(model, text, positions, RunSettings.plain().inBatchesOf(batch));
      assertThat(some).usingRecursiveComparison().isEqualTo(all);
    }
  }

  @Test
  void aModelThatSeesNothingGainsNothing() {
    RunSettings blind =
        RunSettings.with(Hooks.at(HookPoint.LN_FINAL_NORMALIZED, (x, at) -> x.assign(0)));
    InContextLearning measured =
        InContextLearning.of(model, random(3, 32), new LossPositions(0, 30), blind);
    assertThat(measured.score().mean()).isCloseTo(0, within(1e-6));
    // Without input all logits are b_U, which starts at 0.
    assertThat(measured.loss().mean()).isCloseTo(Math.log(30), within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"512, 50, 500", "1024, 100, 1000", "256, 25, 250", "32, 3, 30", "4, 0, 2", "3, 0, 1"})
  void positionsScaleWithTheLength(int length, int early, int late) {
    assertThat(LossPositions.scaledTo(length)).isEqualTo(new LossPositions(early, late));
  }

  @Test
  void positionsThatHaveNoLossAreRefused() {
    assertThatThrownBy(
            () -> InContextLearning.of(model, text, new LossPositions(0, 31), RunSettings.plain()))
        .hasMessageContaining("losses at positions 0 to 30, the late position was 31");
    assertThatThrownBy(() -> new LossPositions(5, 5)).hasMessageContaining("5 and 5");
    assertThatThrownBy(() -> new LossPositions(-1, 5)).hasMessageContaining("-1 and 5");
  }

  @Test
  void textThatIsTooShortOrMissingIsRefused() {
    assertThatThrownBy(() -> InContextLearning.of(model, random(2, 2)))
        .hasMessageContaining("at least 3 tokens, was 2");
    assertThatThrownBy(() -> InContextLearning.of(model, new int[0][]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                InContextLearning.of(
                    model, new int[0][], new LossPositions(0, 1), RunSettings.plain()))
        .hasMessageContaining("the batch is empty");
  }

  @Test
  void itPrintsAndWritesWhatWasCompared() {
    InContextLearning measured = InContextLearning.of(model, text);
    assertThat(measured.toString())
        .startsWith("in-context learning score ")
        .contains("(loss at 30 minus loss at 3)")
        .contains("9 sequences of 32 tokens: given tokens");
    assertThat(measured.toJson().keySet())
        .containsExactly("score", "loss", "early", "late", "loss_by_position", "provenance");
  }
}
