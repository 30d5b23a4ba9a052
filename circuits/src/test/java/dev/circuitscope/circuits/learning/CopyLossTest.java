package dev.circuitscope.circuits.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.text.RandomRepeats;
import dev.circuitscope.core.text.RepeatedSequences;
import dev.circuitscope.core.text.TokenSampler;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CopyLossTest {

  private static final int VOCAB = 30;

  private final TransformerConfig config =
      TransformerConfig.attentionOnly(1)
          .heads(2)
          .dModel(VOCAB)
          .dHead(4)
          .vocab(VOCAB)
          .context(50)
          .normalization(Normalization.NONE)
          .build();
  private final Transformer model = Transformer.create(config, 4L);
  private final RepeatSampling anywhere =
      new RepeatSampling(
          RandomRepeats.atRandomPlaces(TokenSampler.uniform(1, VOCAB), 45).startingWith(0), 8, 6L);

  /** The second copy: from the second block's first token on. */
  private static boolean inSecondCopy(RepeatedSequences repeats, int b, int pos) {
    int start = repeats.offset()[b] + repeats.period()[b];
    return pos >= start && pos < start + repeats.period()[b];
  }

  private static boolean inFirstCopy(RepeatedSequences repeats, int b, int pos) {
    return pos >= repeats.offset()[b] && pos < repeats.offset()[b] + repeats.period()[b];
  }

  @Test
  void bothMeansGoOverTokensWhoseNeighbourBeforeIsInTheSameCopy() {
    RepeatedSequences repeats = anywhere.draw();
    INDArray losses = model.lossPerToken(repeats.tokens());
    DescriptiveStatistics first = new DescriptiveStatistics();
    DescriptiveStatistics second = new DescriptiveStatistics();
    DescriptiveStatistics drop = new DescriptiveStatistics();
    for (int b = 0; b < 8; b++) {
      DescriptiveStatistics ofFirst = new DescriptiveStatistics();
      DescriptiveStatistics ofSecond = new DescriptiveStatistics();
      for (int pos = 1; pos < repeats.length(); pos++) {
        if (inFirstCopy(repeats, b, pos) && inFirstCopy(repeats, b, pos - 1)) {
          ofFirst.addValue(losses.getDouble(b, pos - 1));
        }
        if (inSecondCopy(repeats, b, pos) && inSecondCopy(repeats, b, pos - 1)) {
          ofSecond.addValue(losses.getDouble(b, pos - 1));
        }
      }
      first.addValue(ofFirst.getMean());
      second.addValue(ofSecond.getMean());
      drop.addValue(ofFirst.getMean() - ofSecond.getMean());
    }
    CopyLoss copy = CopyLoss.of(model, anywhere, RunSettings.plain().inBatchesOf(3));
    assertMean(copy.first(), first);
    assertMean(copy.second(), second);
    assertMean(copy.drop(), drop);
    assertThat(CopyLoss.of(model, repeats, RunSettings.plain()).drop()).isEqualTo(copy.drop());
  }

  private static void assertMean(SampleMean actual, DescriptiveStatistics expected) {
    assertThat(actual.mean()).isCloseTo(expected.getMean(), within(1e-12));
    assertThat(actual.standardError())
        .isCloseTo(expected.getStandardDeviation() / Math.sqrt(8), within(1e-12));
    assertThat(actual.samples()).isEqualTo(8);
  }

  @Test
  void curvesFollowTheTokensOfTheBlockAndThePositionsOfTheSequence() {
    RepeatedSequences repeats = RepeatSampling.defaults(config, 3L).draw();
    CopyLoss copy = CopyLoss.of(model, 3L);
    INDArray mean = model.lossPerToken(repeats.tokens()).mean(0);
    int period = 24;
    assertThat(repeats.period()).containsOnly(period);
    assertThat(copy.firstByToken()).hasSize(period - 1);
    assertThat(copy.secondByToken()).hasSize(period - 1);
    assertThat(copy.lossByPosition()).hasSize(2 * period - 1);
    for (int token = 1; token < period; token++) {
      assertThat(copy.firstByToken()[token - 1]).isCloseTo(mean.getDouble(token - 1), within(1e-5));
      assertThat(copy.secondByToken()[token - 1])
          .isCloseTo(mean.getDouble(period + token - 1), within(1e-5));
      assertThat(copy.lossByPosition()[period + token - 1])
          .isEqualTo(copy.secondByToken()[token - 1]);
    }
  }

  @Test
  void aModelThatCopiesPerfectlyLosesNothingOnTheSecondCopyAndLnOfTheVocabularyOnTheFirst() {
    Weights identity =
        model
            .weights()
            .copy()
            .with("unembed.W_U", Nd4j.eye(VOCAB))
            .with("unembed.b_U", Nd4j.zeros(VOCAB));
    Transformer readsOut = Transformer.of(config, identity);
    RepeatedSequences repeats = anywhere.draw();
    RunSettings copying =
        RunSettings.with(Hooks.replace(HookPoint.residPost(0), logitsOfACopier(repeats)))
            .inBatchesOf(8);
    CopyLoss copy = CopyLoss.of(readsOut, repeats, copying);
    assertThat(copy.first().mean()).isCloseTo(Math.log(VOCAB), within(1e-6));
    assertThat(copy.second().mean()).isCloseTo(0, within(1e-6));
    assertThat(copy.drop().mean()).isCloseTo(Math.log(VOCAB), within(1e-6));
  }

  /** 50 on the next token from the first token of the second copy on, 0 elsewhere. */
  private static INDArray logitsOfACopier(RepeatedSequences repeats) {
    INDArray logits = Nd4j.zeros(repeats.batch(), repeats.length(), VOCAB);
    for (int b = 0; b < repeats.batch(); b++) {
      for (int t = repeats.firstRepeat(b); t < repeats.length() - 1; t++) {
        logits.putScalar(new int[] {b, t, repeats.tokens()[b][t + 1]}, 50);
      }
    }
    return logits;
  }

  @Test
  void blocksOfOneTokenAndSecondCopiesThatAreCutOffAreRefused() {
    RepeatedSequences one =
        new RepeatedSequences(new int[][] {{4, 4, 4}}, new int[] {1}, new int[] {0});
    assertThatThrownBy(() -> CopyLoss.of(model, one, RunSettings.plain()))
        .hasMessageContaining("a block of 1 from position 0");
    RepeatedSequences cut =
        new RepeatedSequences(new int[][] {{4, 5, 6, 4, 5}}, new int[] {3}, new int[] {0});
    assertThatThrownBy(() -> CopyLoss.of(model, cut, RunSettings.plain()))
        .hasMessageContaining("sequence 0 of 5 tokens needs two whole copies");
    RepeatedSequences none = new RepeatedSequences(new int[0][], new int[0], new int[0]);
    assertThatThrownBy(() -> CopyLoss.of(model, none, RunSettings.plain()))
        .hasMessageContaining("no sequences");
  }

  @Test
  void itPrintsAndWritesWhatItMeasured() {
    CopyLoss copy = CopyLoss.of(model, 3L);
    assertThat(copy.toString())
        .startsWith("loss on the first copy ")
        .contains("32 sequences of 48 tokens: distinct random blocks of 24 tokens");
    assertThat(copy.toJson().getAsJsonObject("provenance").get("seed").getAsLong()).isEqualTo(3);
    assertThat(copy.toJson().getAsJsonArray("second_by_token")).hasSize(23);
  }
}
