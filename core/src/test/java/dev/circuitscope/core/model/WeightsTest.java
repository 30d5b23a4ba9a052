package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.reference.Golden;
import dev.circuitscope.core.reference.TestModels;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WeightsTest {

  private static final TransformerConfig CONFIG =
      TestModels.config(2, Normalization.LN, Positions.STANDARD);

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#names")
  void haveTransformerLenssNamesAndShapes(String name) {
    Golden golden = Golden.read(name);
    Weights weights = Weights.of(golden.config(), golden.group("weights."));
    assertThat(weights.toMap().keySet()).isEqualTo(golden.group("weights.").keySet());
    golden
        .group("weights.")
        .forEach(
            (parameter, value) ->
                TensorAssert.assertThat(weights.get(parameter)).hasSameBitsAs(value));
  }

  @Test
  void givesCopiesAndIsItselfChangedByNothingButItsBlock() {
    Weights weights = TestModels.weights(CONFIG, 1L);
    INDArray wQ = weights.get("blocks.0.attn.W_Q");
    INDArray before = wQ.dup();
    wQ.assign(0);
    Weights changed = weights.with("blocks.0.attn.W_Q", before.mul(2));
    TensorAssert.assertThat(weights.get("blocks.0.attn.W_Q")).hasSameBitsAs(before);
    TensorAssert.assertThat(changed.get("blocks.0.attn.W_Q")).hasSameBitsAs(before.mul(2));
    TensorAssert.assertThat(changed.get("blocks.1.attn.W_Q"))
        .hasSameBitsAs(weights.get("blocks.1.attn.W_Q"));
    weights.copy().block().clear();
    TensorAssert.assertThat(weights.get("blocks.0.attn.W_Q")).hasSameBitsAs(before);
  }

  @Test
  void keepHeadsInsideSoThatOneProductMakesAllQueries() {
    INDArray wQ = Nd4j.arange(90).reshape(3, 6, 5);
    Weights weights = Weights.zeros(CONFIG).with("blocks.1.attn.W_Q", wQ);
    int offset = weights.layout().get("blocks.1.attn.W_Q").offset();
    assertThat(weights.block().get(offset + 2 * 15 + 1 * 5 + 4))
        .as("element [head 1, d_model 2, d_head 4] at [2, 1, 4]")
        .isEqualTo(1 * 30 + 2 * 5 + 4);
    TensorAssert.assertThat(weights.get("blocks.1.attn.W_Q")).isCloseTo(wQ, Tolerance.EXACT);
  }

  @Test
  void thatDoNotFitAreRefusedWithTheirNames() {
    Map<String, INDArray> arrays = TestModels.weights(CONFIG, 1L).toMap();
    INDArray bU = arrays.remove("unembed.b_U");
    arrays.put("unembed.b_X", bU);
    assertThatThrownBy(() -> Weights.of(CONFIG, arrays))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing [unembed.b_U]")
        .hasMessageContaining("unknown [unembed.b_X]");
    Weights weights = TestModels.weights(CONFIG, 1L);
    assertThatThrownBy(() -> weights.with("unembed.b_U", Nd4j.zeros(12)))
        .hasMessageContaining("[11], got [12]");
    assertThatThrownBy(() -> weights.get("unembed.b_X")).hasMessageContaining("unembed.b_U");
    assertThatThrownBy(
            () -> Transformer.of(TestModels.config(1, Normalization.LN, Positions.NONE), weights))
        .hasMessageContaining("do not fit");
  }

  @Test
  void areTheSameForTheSameSeedAndOthersForAnother() {
    float[] one = Weights.initial(CONFIG, 1L).block().toArray();
    TensorAssert.assertThat(Weights.initial(CONFIG, 1L).block().toArray()).hasSameBitsAs(one);
    assertThat(Weights.initial(CONFIG, 2L).block().toArray()).isNotEqualTo(one);
  }

  @Test
  void startAtTheScalesOfTheConfiguration() {
    TransformerConfig large = TransformerConfig.attentionOnly(1).vocab(700).build();
    Weights weights = Weights.initial(large, 3L);
    assertThat(deviation(weights, "embed.W_E")).isCloseTo(0.3, within(0.003));
    assertThat(deviation(weights, "pos_embed.W_pos")).isCloseTo(0.3, within(0.005));
    assertThat(deviation(weights, "blocks.0.attn.W_Q")).isCloseTo(0.7 / 16, within(0.001));
    assertThat(deviation(weights, "unembed.W_U")).isCloseTo(0.7 / 16, within(0.001));
    assertThat(deviation(weights, "blocks.0.attn.b_Q")).isZero();
    assertThat(weights.get("ln_final.w").toFloatVector()).containsOnly(1);
    assertThat(weights.get("ln_final.b").toFloatVector()).containsOnly(0);
  }

  @Test
  void decayOnlyWhereTheyAreMatrices() {
    ParameterLayout layout = new ParameterLayout(CONFIG);
    assertThat(layout.parameters())
        .filteredOn(Parameter::decays)
        .extracting(Parameter::name)
        .allMatch(name -> name.contains(".W_"))
        .contains("embed.W_E", "pos_embed.W_pos", "unembed.W_U")
        .hasSize(3 + 2 * 4);
  }

  @Test
  void lieBesideEachOtherWithoutGapsAndAreFoundByElement() {
    ParameterLayout layout = new ParameterLayout(CONFIG);
    int next = 0;
    for (Parameter p : layout.parameters()) {
      assertThat(p.offset()).isEqualTo(next);
      assertThat(layout.at(p.offset())).isEqualTo(p);
      next += p.length();
      assertThat(layout.at(next - 1)).isEqualTo(p);
    }
    int length = next;
    assertThat(layout.length()).isEqualTo(length);
    assertThat(CONFIG.parameters()).isEqualTo(length);
    assertThatThrownBy(() -> layout.at(length)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> layout.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static double deviation(Weights weights, String name) {
    return weights.get(name).stdNumber().doubleValue();
  }
}
