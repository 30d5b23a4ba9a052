package dev.circuitscope.core.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.MlpShape;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.Golden;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class WeightProcessingTest {

  private static final String FAMILY = "dev.circuitscope.core.reference.TestModels#family";

  /** Weights are rounded to float32 once more, and nothing else. */
  private static final Tolerance ROUNDED = new Tolerance(1e-7, 1e-7);

  @Nested
  class FoldingLayerNorm {

    @ParameterizedTest
    @MethodSource(FAMILY)
    void changesNoLogProbabilityWhereItIsPossible(TransformerConfig config) {
      Transformer model = model(config);
      if (impossible(config)) {
        assertThatThrownBy(() -> WeightProcessing.foldLayerNorm(model))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("cannot fold");
      } else {
        requireSamePredictions(model, WeightProcessing::foldLayerNorm);
      }
    }

    private boolean impossible(TransformerConfig config) {
      boolean gated = config.mlp().map(MlpShape::gated).orElse(false);
      boolean offset = config.normalization() == Normalization.LN;
      boolean trained = offset || config.normalization() == Normalization.RMS;
      return trained && shortformer(config) || offset && gated && config.nLayers() > 0;
    }

    @ParameterizedTest
    @MethodSource(
        "dev.circuitscope.core.processing.WeightProcessingTest#gatedMlpsThatReadLayerNorm")
    void isPossibleForGatedMlpsWithoutOffsets(TransformerConfig config) {
      Weights weights = model(config).weights();
      for (String name : weights.toMap().keySet()) {
        if (name.endsWith("ln2.b") || name.endsWith("mlp.ln.b")) {
          weights = weights.with(name, weights.get(name).mul(0));
        }
      }
      requireSamePredictions(Transformer.of(config, weights), WeightProcessing::foldLayerNorm);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"attn-only-1l-ln", "gelu-2l-ln", "gpt2-like-2l", "pythia-like-2l", "solu-ln-1l"})
    void givesTransformerLenssWeights(String name) {
      Golden golden = Golden.read(name);
      Weights weights = Weights.of(golden.config(), golden.group("weights."));
      Transformer folded = WeightProcessing.foldLayerNorm(Transformer.of(golden.config(), weights));
      Map<String, INDArray> expected = golden.group("folded.");
      assertThat(folded.weights().toMap().keySet()).isEqualTo(expected.keySet());
      expected.forEach(
          (weight, values) ->
              TensorAssert.assertThat(folded.weights().get(weight))
                  .as(weight)
                  .isCloseTo(values, ROUNDED));
    }

    @Test
    void leavesNormalisationWithoutWeights() {
      assertThat(folded(Normalization.LN).config().normalization()).isEqualTo(Normalization.LN_PRE);
      assertThat(folded(Normalization.RMS).config().normalization())
          .isEqualTo(Normalization.RMS_PRE);
    }

    @Test
    void returnsAModelWithoutSuchWeightsItself() {
      Transformer bare = model(TestModels.config(1, Normalization.LN_PRE, Positions.SHORTFORMER));
      assertThat(WeightProcessing.foldLayerNorm(bare)).isSameAs(bare);
    }

    @Test
    void undoesFoldedValueBiasesAndSaysSo() {
      Transformer model = model(TestModels.config(1, Normalization.LN, Positions.STANDARD));
      Transformer biasesFirst =
          WeightProcessing.foldLayerNorm(WeightProcessing.foldValueBiases(model));
      assertThat(biasesFirst.weights().get("blocks.0.attn.b_V").norm2Number().doubleValue())
          .isGreaterThan(0.1);
      assertThat(biasesFirst.processing()).containsExactly(Processing.FOLD_LAYER_NORM);
    }

    private Transformer folded(Normalization kind) {
      return WeightProcessing.foldLayerNorm(model(TestModels.config(1, kind, Positions.STANDARD)));
    }
  }

  @Nested
  class CenteringWritingWeights {

    @ParameterizedTest
    @MethodSource(FAMILY)
    void changesNoLogProbabilityWhereMeansAreTakenOff(TransformerConfig config) {
      Transformer model = model(config);
      Normalization kind = config.normalization();
      if (kind == Normalization.LN || kind == Normalization.LN_PRE) {
        requireSamePredictions(model, WeightProcessing::centerWritingWeights);
      } else {
        assertThatThrownBy(() -> WeightProcessing.centerWritingWeights(model))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(kind.label())
            .hasMessageContaining("mean");
      }
    }

    @Test
    void leavesAResidualStreamWithMeanZero() {
      TransformerConfig config = TestModels.config(2, Normalization.LN, Positions.STANDARD);
      Transformer centered =
          WeightProcessing.centerWritingWeights(model(config.toBuilder().dMlp(7).build()));
      DoubleTensor resid =
          ReferenceTransformer.of(centered.config(), centered.weights())
              .run(new int[][] {{3, 1, 4}})
              .get("resid_post1");
      for (int t = 0; t < 3; t++) {
        double sum = 0;
        for (int d = 0; d < 6; d++) {
          sum += resid.at(0, t, d);
        }
        assertThat(sum).isCloseTo(0, within(1e-6));
      }
    }
  }

  @Nested
  class CenteringTheUnembedding {

    @ParameterizedTest
    @MethodSource(FAMILY)
    void changesNoLogProbabilityAndLeavesLogitsWithMeanZero(TransformerConfig config) {
      Transformer centered =
          requireSamePredictions(model(config), WeightProcessing::centerUnembedding);
      double[] logits = logits(centered).values();
      int v = config.dVocabOut();
      for (int row = 0; row < logits.length; row += v) {
        double sum = 0;
        for (int i = row; i < row + v; i++) {
          sum += logits[i];
        }
        assertThat(sum / v).isCloseTo(0, within(1e-6));
      }
    }
  }

  @Nested
  class FoldingValueBiases {

    @ParameterizedTest
    @MethodSource(FAMILY)
    void changesNoLogProbabilityAndLeavesNoValueBias(TransformerConfig config) {
      Transformer folded = requireSamePredictions(model(config), WeightProcessing::foldValueBiases);
      for (int layer = 0; layer < config.nLayers(); layer++) {
        TensorAssert.assertThat(folded.weights().get("blocks." + layer + ".attn.b_V").ravel())
            .isCloseTo(
                new double[config.attention().keyValueHeads() * config.dHead()], Tolerance.EXACT);
      }
    }
  }

  @Nested
  class AllFour {

    @Test
    void oneAfterTheOtherChangeNoLogProbabilityAndAreRemembered() {
      TransformerConfig config =
          TestModels.config(2, Normalization.LN, Positions.STANDARD).toBuilder()
              .dMlp(7)
              .activation(Activation.SOLU_LN)
              .tiedUnembedding(true)
              .build();
      Transformer model = model(config);
      Transformer readable = requireSamePredictions(model, WeightProcessingTest::readable);
      assertThat(readable.processing()).containsExactly(Processing.values());
      assertThat(readable.config().vocabulary().tied()).isFalse();
      assertThat(readable)
          .asString()
          .contains(
              "processed [fold_ln, center_writing_weights, center_unembed, fold_value_biases]");
      assertThat(model.processing()).isEmpty();
      assertThat(model).asString().doesNotContain("processed");
    }

    @Test
    void inAnotherOrderGiveTheSameWeights() {
      TransformerConfig config =
          TestModels.config(2, Normalization.LN, Positions.STANDARD).toBuilder().dMlp(7).build();
      Transformer other = model(config);
      other = WeightProcessing.centerUnembedding(other);
      other = WeightProcessing.centerWritingWeights(other);
      other = WeightProcessing.foldLayerNorm(other);
      other = WeightProcessing.foldValueBiases(other);
      Map<String, INDArray> expected = readable(model(config)).weights().toMap();
      for (String name : expected.keySet()) {
        TensorAssert.assertThat(other.weights().get(name))
            .as(name)
            .isCloseTo(expected.get(name), Tolerance.absolute(1e-6));
      }
    }

    @Test
    void leaveTheModelTheyWereGivenAsItWas() {
      Transformer model = model(TestModels.config(2, Normalization.LN, Positions.STANDARD));
      float[] before = model.weights().block().toArray();
      readable(model);
      TensorAssert.assertThat(model.weights().block().toArray()).hasSameBitsAs(before);
    }
  }

  static Stream<TransformerConfig> gatedMlpsThatReadLayerNorm() {
    return TestModels.family()
        .filter(config -> config.normalization() == Normalization.LN)
        .filter(config -> config.mlp().map(MlpShape::gated).orElse(false));
  }

  private static Transformer readable(Transformer model) {
    Transformer readable = WeightProcessing.foldLayerNorm(model);
    readable = WeightProcessing.centerWritingWeights(readable);
    readable = WeightProcessing.centerUnembedding(readable);
    return WeightProcessing.foldValueBiases(readable);
  }

  private static Transformer requireSamePredictions(
      Transformer model, UnaryOperator<Transformer> step) {
    Transformer processed = step.apply(model);
    TensorAssert.assertThat(logProbabilities(processed))
        .isCloseTo(logProbabilities(model), Tolerance.ACTIVATIONS);
    return processed;
  }

  private static double[] logProbabilities(Transformer model) {
    double[] logits = logits(model).values().clone();
    int v = model.config().dVocabOut();
    for (int row = 0; row < logits.length; row += v) {
      double sum = 0;
      for (int i = row; i < row + v; i++) {
        sum += Math.exp(logits[i]);
      }
      for (int i = row; i < row + v; i++) {
        logits[i] -= Math.log(sum);
      }
    }
    return logits;
  }

  private static DoubleTensor logits(Transformer model) {
    int[][] tokens = TestModels.tokens(model.config(), 2, 6, 2L);
    return ReferenceTransformer.of(model.config(), model.weights()).run(tokens).logits();
  }

  private static boolean shortformer(TransformerConfig config) {
    return config.positions() == Positions.SHORTFORMER
        || config.positions() == Positions.SINUSOIDAL_SHORTFORMER;
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 1L));
  }
}
