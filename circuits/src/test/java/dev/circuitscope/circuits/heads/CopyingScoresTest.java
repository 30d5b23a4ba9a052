package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.TestModels;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CopyingScoresTest {

  private static final int VOCAB = 30;

  /**
   * d_model is the vocabulary: embeddings are unit vectors, and one head of full width moves them
   * as they are, times a sign.
   */
  private static Transformer mover(double sign) {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1)
            .heads(1)
            .dModel(VOCAB)
            .dHead(VOCAB)
            .vocab(VOCAB)
            .context(40)
            .normalization(Normalization.NONE)
            .positions(Positions.NONE)
            .build();
    Map<String, INDArray> weights = new TreeMap<>(Weights.zeros(config).toMap());
    INDArray identity = Nd4j.eye(VOCAB);
    weights.put("embed.W_E", identity);
    weights.put("unembed.W_U", identity);
    weights.put("blocks.0.attn.W_V", identity.reshape(1, VOCAB, VOCAB));
    weights.put("blocks.0.attn.W_O", identity.mul(sign).reshape(1, VOCAB, VOCAB));
    return Transformer.of(config, Weights.of(config, weights));
  }

  @Nested
  class OfIdealHeads {

    @Test
    void aCopierOfWhatItSharplyAttendsToRaisesNothingElse() {
      RunSettings back = Ideal.layer(0, Ideal.back(3));
      CopyingScores scores = CopyingScores.ofTokens(mover(1), tokens(), back);
      assertThat(scores.raisedShare().score(0, 0)).isCloseTo(1, within(1e-6));
      assertThat(scores.score().score(0, 0)).isEqualTo(1);
    }

    @Test
    void aHeadThatLowersWhatItAttendsToHasMinusOne() {
      RunSettings back = Ideal.layer(0, Ideal.back(3));
      CopyingScores scores = CopyingScores.ofTokens(mover(-1), tokens(), back);
      assertThat(scores.raisedShare().score(0, 0)).isCloseTo(0, within(1e-6));
      assertThat(scores.score().score(0, 0)).isCloseTo(-1, within(1e-5));
    }

    @Test
    void uniformAttentionSharesWhatIsRaised() {
      CopyingScores scores =
          CopyingScores.ofTokens(mover(1), tokens(), Ideal.layer(0, Ideal.uniform()));
      // At d all d + 1 sources are raised alike, by 1/(d + 1) - 1/30, with attention 1/(d + 1).
      double attended = 0;
      double all = 0;
      for (int n = 1; n <= 25; n++) {
        attended += 1.0 / n - 1.0 / VOCAB;
        all += 1 - (double) n / VOCAB;
      }
      assertThat(scores.raisedShare().score(0, 0)).isCloseTo(attended / all, within(1e-6));
      assertThat(scores.score().score(0, 0)).isCloseTo(4 * attended / all - 1, within(1e-5));
    }

    @Test
    void aHeadThatWritesNothingCopiesNothing() {
      assertThat(
              CopyingScores.ofTokens(mover(0), tokens(), RunSettings.plain()).score().score(0, 0))
          .isEqualTo(-1);
    }

    private static int[][] tokens() {
      int[][] tokens = new int[3][25];
      for (int b = 0; b < 3; b++) {
        for (int t = 0; t < 25; t++) {
          tokens[b][t] = (7 * t + b) % VOCAB;
        }
      }
      return tokens;
    }
  }

  /** Against logits of every token, without the algebra that leaves them out. */
  @ParameterizedTest
  @EnumSource(
      value = Normalization.class,
      names = {"NONE", "LN", "LN_PRE"})
  void ofRandomHeadsIsTheShareOfTheLogitsWrittenOut(Normalization normalization) {
    TransformerConfig config = TestModels.config(2, normalization, Positions.STANDARD);
    Transformer model = Transformer.of(config, TestModels.weights(config, 8L));
    int[][] tokens = {{3, 9, 0, 10, 4}, {1, 2, 3, 4, 5}, {10, 9, 8, 7, 6}};
    CopyingScores scores = CopyingScores.ofTokens(model, tokens, RunSettings.plain());
    Run run = model.runWithCache(tokens, Capture.everything(), Hooks.none());
    for (Head head : scores.score().ranking()) {
      double r = 0;
      for (int b = 0; b < 3; b++) {
        r += share(model, run, tokens[b], b, head) / 3;
      }
      assertThat(scores.raisedShare().score(head)).as("%s", head).isCloseTo(r, within(1e-5));
      assertThat(scores.score().score(head))
          .isCloseTo(Math.min(1, 4 * scores.raisedShare().score(head) - 1), within(1e-12));
    }
    assertThat(scores.raisedShare().chance()).isEqualTo(0.2);
  }

  private static double share(Transformer model, Run run, int[] tokens, int b, Head head) {
    INDArray result = run.cache().get(HookPoint.result(head.layer()));
    INDArray pattern = run.cache().get(HookPoint.pattern(head.layer()));
    double attended = 0;
    double all = 0;
    for (int d = 0; d < tokens.length; d++) {
      INDArray x = result.slice(b).slice(d).slice(head.head()).dup();
      Normalization kind = model.config().normalization();
      if (kind != Normalization.NONE) {
        x = x.sub(x.meanNumber());
      }
      if (kind == Normalization.LN) {
        x = x.mul(model.weights().get("ln_final.w"));
      }
      INDArray logits = x.reshape(1, 6).mmul(model.weights().get("unembed.W_U")).reshape(11);
      double mean = logits.meanNumber().doubleValue();
      for (int s = 0; s < tokens.length; s++) {
        double raised = Math.max(0, logits.getDouble(tokens[s]) - mean);
        attended += pattern.getDouble(b, head.head(), d, s) * raised;
        all += raised;
      }
    }
    return attended / all;
  }

  @Test
  void sequencesAreDrawnWithASeedAndFitTheModel() {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Transformer model = Transformer.of(config, TestModels.weights(config, 8L));
    CopyingScores scores = CopyingScores.of(model, 3L);
    assertThat(scores.score().provenance().length()).isEqualTo(9);
    assertThat(scores.score().samples()).isEqualTo(10);
    assertThat(scores.score().values())
        .isEqualTo(CopyingScores.of(model, 3L).score().values())
        .isNotEqualTo(CopyingScores.of(model, 4L).score().values());
  }

  @Test
  void modelsAndSequencesWithoutAMeaningAreRefused() {
    TransformerConfig tiny =
        TransformerConfig.attentionOnly(1).heads(1).dModel(4).vocab(5).context(1).build();
    assertThatThrownBy(() -> CopyingScores.of(Transformer.create(tiny, 1L), 1L))
        .hasMessageContaining("the context is 1");
    TransformerConfig other =
        TransformerConfig.attentionOnly(1).heads(1).dModel(4).vocab(5).vocabOut(3).build();
    assertThatThrownBy(() -> CopyingScores.of(Transformer.create(other, 1L), 1L))
        .hasMessageContaining("reads 5 tokens and predicts 3");
    assertThatThrownBy(
            () -> CopyingScores.ofTokens(mover(1), new int[][] {{1, 2, 1}}, RunSettings.plain()))
        .hasMessageContaining("[1, 2, 1]");
  }
}
