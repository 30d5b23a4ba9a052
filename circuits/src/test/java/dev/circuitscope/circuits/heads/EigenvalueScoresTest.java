package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.Golden;
import dev.circuitscope.core.reference.TestModels;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EigenvalueScoresTest {

  private static final Head HEAD = new Head(0, 0);

  /** Embeddings are unit vectors; one head of full width looks for and moves them, times a sign. */
  private static Circuits mover(double sign) {
    int n = 30;
    TransformerConfig config =
        TransformerConfig.attentionOnly(1)
            .heads(1)
            .dModel(n)
            .dHead(n)
            .vocab(n)
            .context(4)
            .normalization(Normalization.NONE)
            .positions(Positions.NONE)
            .build();
    Map<String, INDArray> weights = new TreeMap<>(Weights.zeros(config).toMap());
    INDArray identity = Nd4j.eye(n);
    weights.put("embed.W_E", identity);
    weights.put("unembed.W_U", identity);
    for (String name : new String[] {"W_Q", "W_V"}) {
      weights.put("blocks.0.attn." + name, identity.reshape(1, n, n));
    }
    for (String name : new String[] {"W_K", "W_O"}) {
      weights.put("blocks.0.attn." + name, identity.mul(sign).reshape(1, n, n));
    }
    return Circuits.of(Transformer.of(config, Weights.of(config, weights)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, -1})
  void haveTheSignOfAHeadThatCopiesAndMatches(double sign) {
    EigenvalueScores copying = EigenvalueScores.ovCopying(mover(sign), 99, 1L);
    EigenvalueScores matching = EigenvalueScores.qkMatching(mover(sign), 99, 1L);
    assertThat(copying.scores().score(HEAD)).isCloseTo(sign, within(1e-12));
    assertThat(matching.scores().score(HEAD)).isCloseTo(sign, within(1e-12));
    assertThat(copying.beyondChance(HEAD, 0.01)).isEqualTo(sign > 0);
    assertThat(matching.beyondChance(0.01)).hasSize(sign > 0 ? 1 : 0);
    assertThat(copying.zScore(HEAD) * sign).isGreaterThan(4);
    assertThat(copying.pValue(HEAD)).isEqualTo(sign > 0 ? 0.01 : 1);
  }

  @Test
  void ofAHeadThatDoesNothingAreZero() {
    assertThat(EigenvalueScores.ovCopying(mover(0), 2, 1L).scores().score(HEAD)).isZero();
    assertThat(EigenvalueScores.qkMatching(mover(0), 2, 1L).scores().score(HEAD)).isZero();
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void ofWeightsAsStoredAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    if (!golden.tensors().contains("full_OV.copying_score")) {
      return;
    }
    Transformer model =
        Transformer.of(golden.config(), Weights.of(golden.config(), golden.group("weights.")));
    HeadScores scores = EigenvalueScores.ovCopying(Circuits.asStored(model), 2, 1L).scores();
    for (Head head : scores.ranking()) {
      assertThat(scores.score(head))
          .isCloseTo(
              golden.get("full_OV.copying_score").getDouble(head.layer(), head.head()),
              within(1e-8));
    }
    assertThat(scores.toString()).doesNotContain("NaN").endsWith("the weights");
  }

  /** A test at 5% should pass about 5% of random heads. */
  @Test
  void ofRandomModelsAreBeyondChanceAsOftenAsTheLevelSays() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(10)
            .heads(20)
            .dModel(12)
            .dHead(4)
            .vocab(25)
            .normalization(Normalization.NONE)
            .build();
    Circuits circuits = Circuits.of(Transformer.of(config, TestModels.weights(config, 1L)));
    assertThat(EigenvalueScores.ovCopying(circuits, 999, 1L).beyondChance(0.05).size())
        .isBetween(1, 25);
    assertThat(EigenvalueScores.qkMatching(circuits, 999, 1L).beyondChance(0.05).size())
        .isBetween(1, 25);
  }

  @Test
  void printThemselvesAndGoToJson() {
    TransformerConfig config = TestModels.config(2, Normalization.LN, Positions.STANDARD);
    EigenvalueScores scores =
        EigenvalueScores.qkMatching(
            Circuits.of(Transformer.of(config, TestModels.weights(config, 1L))), 9, 4L);
    assertThat(scores.toString())
        .startsWith("QK matching: ")
        .contains("the weights after fold_ln, fold_value_biases")
        .contains("random heads ")
        .endsWith("seed 4)");
    assertThat(scores.toJson().get("p_values").getAsJsonArray()).hasSize(2);
    assertThat(scores.toJson().get("random").getAsJsonObject().get("samples").getAsInt())
        .isEqualTo(9);
    assertThatThrownBy(() -> scores.beyondChance(0.05)).hasMessageContaining("draw at least 19");
  }

  @Test
  void ofModelsWithOtherPredictionsAreRefused() {
    TransformerConfig other =
        TransformerConfig.attentionOnly(1).heads(1).dModel(4).vocab(5).vocabOut(3).build();
    Circuits circuits = Circuits.of(Transformer.create(other, 1L));
    assertThatThrownBy(() -> EigenvalueScores.ovCopying(circuits, 9, 1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads 5 tokens and predicts 3");
  }
}
