package dev.circuitscope.core.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the golden vectors do not hold, against closed forms and models that must be the same. */
class ReferenceArchitecturesTest {

  private static final int[][] TOKENS = {{1, 5, 1, 7}, {0, 10, 3, 3}};

  @Test
  void groupedQueryAttentionIsAttentionWithRepeatedKeysAndValues() {
    TransformerConfig grouped = attention().heads(4).keyValueHeads(2).build();
    Map<String, INDArray> arrays = TestModels.weights(grouped, 1L).toMap();
    Map<String, INDArray> repeated = new HashMap<>(arrays);
    for (String kind : new String[] {"W_K", "W_V", "b_K", "b_V"}) {
      String name = "blocks.0.attn." + kind;
      INDArray few = arrays.get(name);
      // heads 0 and 1 read the first, 2 and 3 the second
      repeated.put(name, Nd4j.stack(0, row(few, 0), row(few, 0), row(few, 1), row(few, 1)));
    }
    TransformerConfig full = attention().heads(4).keyValueHeads(4).build();
    TensorAssert.assertThat(logits(full, repeated))
        .isCloseTo(logits(grouped, arrays), Tolerance.DOUBLES);
  }

  @Test
  void aTiedUnembeddingIsTheEmbeddingsTranspose() {
    TransformerConfig tied = attention().tiedUnembedding(true).build();
    Map<String, INDArray> arrays = TestModels.weights(tied, 2L).toMap();
    Map<String, INDArray> untied = new HashMap<>(arrays);
    untied.put("unembed.W_U", arrays.get("embed.W_E").transpose());
    TensorAssert.assertThat(logits(attention().build(), untied))
        .isCloseTo(logits(tied, arrays), Tolerance.DOUBLES);
  }

  @Test
  void scoresOfRotatedQueriesAndKeysDependOnDistanceAlone() {
    for (Rotary.Pairing pairing : Rotary.Pairing.values()) {
      TransformerConfig config = attention().dHead(6).rotary(new Rotary(4, 30, pairing)).build();
      DoubleTensor scores =
          reference(config, 3L).run(new int[][] {{6, 6, 6, 6}}).get(HookPoint.attnScores(0));
      assertThat(scores.at(0, 1, 3, 2)).isCloseTo(scores.at(0, 1, 1, 0), within(1e-12));
      assertThat(scores.at(0, 1, 3, 1)).isCloseTo(scores.at(0, 1, 2, 0), within(1e-12));
      assertThat(scores.at(0, 1, 3, 1)).isNotCloseTo(scores.at(0, 1, 3, 2), within(1e-6));
    }
  }

  @Test
  void rotationTurnsPairsByPositionTimesFrequency() {
    // base 4, dim 4: frequencies 1 and 1/2
    double[] q = {1, 0, 0, 2, 9};
    assertThat(rotated(q, Rotary.Pairing.ADJACENT, 3))
        .containsExactly(
            new double[] {Math.cos(3), Math.sin(3), -2 * Math.sin(1.5), 2 * Math.cos(1.5), 9},
            within(1e-14));
    assertThat(rotated(q, Rotary.Pairing.HALVES, 3))
        .containsExactly(
            new double[] {Math.cos(3), -2 * Math.sin(1.5), Math.sin(3), 2 * Math.cos(1.5), 9},
            within(1e-14));
  }

  private static double[] rotated(double[] q, Rotary.Pairing pairing, int position) {
    TransformerConfig config = attention().rotary(new Rotary(4, 4, pairing)).build();
    double[] all = new double[4 * 3 * 5];
    System.arraycopy(q, 0, all, position * 15 + 5, 5);
    DoubleTensor rotated =
        reference(config, 4L)
            .run(new int[][] {{1, 2, 3, 4}}, Intervention.replace(HookPoint.q(0), all))
            .get(HookPoint.rotQ(0));
    double[] one = new double[5];
    for (int e = 0; e < 5; e++) {
      one[e] = rotated.at(0, position, 1, e);
    }
    return one;
  }

  @Test
  void smearedKeysMixEachKeyWithTheOneBeforeItBySigmoid() {
    TransformerConfig config = attention().smearedKeys(true).build();
    // sigmoid(log 3) = 3/4
    double[] a = {0, Math.log(3), 50};
    ReferenceRun run = reference(config, 5L).with("blocks.0.attn.smear", a).run(TOKENS);
    DoubleTensor k = run.get(HookPoint.k(0));
    DoubleTensor smeared = run.get(new HookPoint(Site.SMEARED_K, 0));
    double[] own = {0.5, 0.75, 1};
    for (int h = 0; h < 3; h++) {
      for (int t = 0; t < 4; t++) {
        double mixed =
            t == 0
                ? k.at(1, 0, h, 2)
                : own[h] * k.at(1, t, h, 2) + (1 - own[h]) * k.at(1, t - 1, h, 2);
        assertThat(smeared.at(1, t, h, 2)).isCloseTo(mixed, within(1e-14));
      }
    }
  }

  @Test
  void bidirectionalAttentionWithoutPositionsDoesNotSeeOrder() {
    TransformerConfig config =
        attention().direction(AttentionDirection.BIDIRECTIONAL).positions(Positions.NONE).build();
    DoubleTensor forwards = reference(config, 6L).run(new int[][] {{4, 2, 8}}).logits();
    DoubleTensor backwards = reference(config, 6L).run(new int[][] {{8, 2, 4}}).logits();
    for (int v = 0; v < 11; v++) {
      assertThat(forwards.at(0, 0, v)).isCloseTo(backwards.at(0, 2, v), within(1e-12));
    }
  }

  @Test
  void withoutTheAttentionScaleScoresAreLongerBySqrtOfDHead() {
    TransformerConfig plain = attention().attentionScale(false).build();
    DoubleTensor longer = reference(plain, 7L).run(TOKENS).get("attn_scores0");
    DoubleTensor scaled = reference(attention().build(), 7L).run(TOKENS).get("attn_scores0");
    assertThat(longer.at(1, 2, 3, 1))
        .isCloseTo(Math.sqrt(5) * scaled.at(1, 2, 3, 1), within(1e-12));
  }

  @Test
  void aGatedMlpsNeuronsAreTheProductAndThenTheBias() {
    TransformerConfig config =
        attention()
            .dMlp(7)
            .activation(Activation.RELU)
            .gatedMlp(true)
            .normalization(Normalization.RMS_PRE)
            .build();
    ReferenceRun run = reference(config, 8L).run(TOKENS);
    double[] pre = run.get("pre0").values();
    double[] linear = run.get("pre_linear0").values();
    double[] post = run.get("post0").values();
    double[] bias = reference(config, 8L).weight("blocks.0.mlp.b_in");
    for (int i = 0; i < post.length; i++) {
      assertThat(post[i]).isCloseTo(Math.max(0, pre[i]) * linear[i] + bias[i % 7], within(1e-14));
    }
  }

  @Test
  void aModelThatPredictsFewerTokensHasLogitsForThoseAndNoLossForOthers() {
    ReferenceRun run = reference(attention().vocabOut(4).build(), 9L).run(TOKENS);
    assertThat(run.logits().shape()).containsExactly(2, 4, 4);
    assertThatThrownBy(run::loss)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("predicts 4 tokens")
        .hasMessageContaining("5");
  }

  private static TransformerConfigBuilder attention() {
    return TestModels.config(1, Normalization.LN, Positions.STANDARD).toBuilder();
  }

  private static ReferenceTransformer reference(TransformerConfig config, long seed) {
    return ReferenceTransformer.of(config, TestModels.weights(config, seed));
  }

  private static INDArray logits(TransformerConfig config, Map<String, INDArray> arrays) {
    return ReferenceTransformer.of(config, arrays).run(TOKENS).logits().toArray();
  }

  private static INDArray row(INDArray heads, int head) {
    return heads.slice(head).dup();
  }
}
