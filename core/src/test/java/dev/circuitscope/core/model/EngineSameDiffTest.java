package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.SameDiffOracle;
import dev.circuitscope.core.reference.TestModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EngineSameDiffTest {

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.TestModels#everyKind")
  void lossAndGradientsAreThoseOfSameDiff(TransformerConfig config) {
    requireAgreement(config, TestModels.weights(config, 3L), 3, 8);
  }

  @Test
  void soAreThoseOfAModelLargerThanEveryTileOfTheEngine() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(2)
            .heads(2)
            .dModel(70)
            .dHead(33)
            .vocab(131)
            .context(150)
            .build();
    requireAgreement(config, Weights.initial(config, 5L), 2, 141);
  }

  @Test
  void soAreThoseOfTheShortestSequenceAndTheSmallestModel() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1)
            .heads(1)
            .dModel(1)
            .dHead(1)
            .vocab(2)
            .context(2)
            .normalization(Normalization.NONE)
            .build();
    requireAgreement(config, TestModels.weights(config, 6L), 1, 2);
  }

  private static void requireAgreement(
      TransformerConfig config, Weights weights, int batch, int pos) {
    int[][] tokens = TestModels.tokens(config, batch, pos, 4L);
    Transformer model = Transformer.of(config, weights);
    SameDiffOracle oracle = new SameDiffOracle(config, weights, tokens);
    double loss = oracle.loss();

    assertThat(ReferenceTransformer.of(config, weights).loss(tokens)).isCloseTo(loss, within(1e-9));
    GradientRun run = model.runWithGradients(tokens);
    assertThat(run.loss()).isCloseTo(loss, within(1e-5));
    assertThat(model.loss(tokens)).isCloseTo(loss, within(1e-5));
    Weights step = Weights.zeros(config);
    assertThat(model.lossAndGradients(tokens, step)).isEqualTo(run.loss());
    oracle
        .gradients()
        .forEach(
            (name, expected) -> {
              TensorAssert.assertThat(run.weightGradients().get(name))
                  .as(name)
                  .isCloseTo(expected, Tolerance.GRADIENTS);
              TensorAssert.assertThat(step.get(name))
                  .as("training step: " + name)
                  .hasSameBitsAs(run.weightGradients().get(name));
            });
  }
}
