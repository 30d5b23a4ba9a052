package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.reference.FiniteDifferences;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class SameDiffModelTest {

  private static final String FAMILY = "dev.circuitscope.core.reference.TestModels#family";

  private static final TransformerConfig CONFIG =
      TestModels.config(2, Normalization.LN, Positions.STANDARD);

  /** What central differences are precise to where a normalisation's scale is small. */
  private static final Tolerance SLOPES = new Tolerance(1e-9, 1e-7);

  private static final Tolerance SINGLE_PRECISION_GRADIENTS = new Tolerance(1e-6, 1e-4);

  @Nested
  class EveryArchitecture {

    @ParameterizedTest
    @MethodSource(FAMILY)
    void hasTheReferencesActivationsLogitsAndLossInFloat64(TransformerConfig config) {
      requireValues(config, DataType.DOUBLE, Tolerance.DOUBLES);
    }

    @ParameterizedTest
    @MethodSource(FAMILY)
    void hasThemToFiveDigitsInFloat32(TransformerConfig config) {
      requireValues(config, DataType.FLOAT, Tolerance.ACTIVATIONS);
    }

    private void requireValues(TransformerConfig config, DataType type, Tolerance tolerance) {
      int[][] tokens = TestModels.tokens(config, 2, 5, 2L);
      ReferenceRun expected = reference(config).run(tokens);
      SameDiffModel exported = model(config).toSameDiff(5, type);
      List<String> names = new ArrayList<>(List.of("logits", "loss"));
      config.hookPoints().forEach(point -> names.add(point.name()));
      Map<String, INDArray> values = exported.output(tokens, names.toArray(String[]::new));
      for (HookPoint point : config.hookPoints()) {
        TensorAssert.assertThat(values.get(point.name()))
            .as(point.name())
            .isCloseTo(expected.get(point).toArray(), tolerance);
      }
      TensorAssert.assertThat(values.get("logits"))
          .isCloseTo(expected.logits().toArray(), tolerance);
      TensorAssert.assertThat(new double[] {values.get("loss").getDouble(0)})
          .isCloseTo(new double[] {expected.loss()}, tolerance);
    }

    @ParameterizedTest
    @MethodSource(FAMILY)
    void hasTheSlopesOfTheReferencesLossAsGradients(TransformerConfig config) {
      int[][] tokens = TestModels.tokens(config, 1, 3, 2L);
      List<String> names = differentiable(config);
      Map<String, INDArray> doubles =
          model(config).toSameDiff(3, DataType.DOUBLE).gradients(tokens, names);
      Map<String, INDArray> floats = model(config).toSameDiff(3).gradients(tokens, names);
      for (String name : names) {
        double[] slope = slope(reference(config), tokens, name);
        TensorAssert.assertThat(doubles.get(name).ravel()).as(name).isCloseTo(slope, SLOPES);
        TensorAssert.assertThat(floats.get(name).ravel())
            .as(name + " in float32")
            .isCloseTo(slope, SINGLE_PRECISION_GRADIENTS);
      }
    }

    private double[] slope(ReferenceTransformer reference, int[][] tokens, String name) {
      return name.contains("hook_")
          ? FiniteDifferences.ofActivation(reference, tokens, HookPoint.parse(name))
          : FiniteDifferences.ofWeight(reference, tokens, name);
    }

    private List<String> differentiable(TransformerConfig config) {
      List<String> names = new ArrayList<>();
      new ParameterLayout(config).parameters().forEach(p -> names.add(p.name()));
      config.hookPoints().stream()
          .filter(point -> !point.site().onDemand())
          .forEach(point -> names.add(point.name()));
      return names;
    }
  }

  @Nested
  class AGraph {

    @Test
    void takesBatchesOfAnySize() {
      SameDiffModel exported = model(CONFIG).toSameDiff(4, DataType.DOUBLE);
      for (int batch : new int[] {1, 3, 2}) {
        int[][] tokens = TestModels.tokens(CONFIG, batch, 4, 3L);
        TensorAssert.assertThat(exported.output(tokens, "logits").get("logits"))
            .isCloseTo(reference(CONFIG).run(tokens).logits().toArray(), Tolerance.DOUBLES);
      }
    }

    @Test
    void isDifferentiatedForOtherLossesToo() {
      SameDiffModel exported = model(CONFIG).toSameDiff(4, DataType.DOUBLE);
      SDVariable result = exported.variable(HookPoint.result(1));
      result.mul(result).sum().mul(0.5).rename("half_square");
      exported.graph().setLossVariables("half_square");
      int[][] tokens = TestModels.tokens(CONFIG, 2, 4, 3L);
      INDArray slope = exported.gradients(tokens, List.of(result.name())).get(result.name());
      TensorAssert.assertThat(slope)
          .isCloseTo(
              reference(CONFIG).run(tokens).get(HookPoint.result(1)).toArray(), Tolerance.DOUBLES);
    }

    @Test
    void ofOneTokenHasLogitsAndNoLoss() {
      SameDiffModel exported = model(CONFIG).toSameDiff(1, DataType.DOUBLE);
      int[][] tokens = {{7}};
      TensorAssert.assertThat(exported.output(tokens, "logits").get("logits"))
          .isCloseTo(reference(CONFIG).run(tokens).logits().toArray(), Tolerance.DOUBLES);
      assertThatThrownBy(exported::loss)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("at least 2 tokens");
    }

    @Test
    void costsInfinitelyMuchWhereATokenIsNotPredicted() {
      TransformerConfig config = CONFIG.toBuilder().vocabOut(4).build();
      SameDiffModel exported = model(config).toSameDiff(2, DataType.DOUBLE);
      assertThat(exported.output(new int[][] {{9, 3}}, "loss").get("loss").getDouble(0)).isFinite();
      assertThat(exported.output(new int[][] {{3, 9}}, "loss").get("loss").getDouble(0))
          .isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void staysFiniteWhereExponentialsOfLogitsOverflow() {
      Weights weights = TestModels.weights(CONFIG, 1L);
      Weights large = weights.with("unembed.b_U", weights.get("unembed.b_U").add(1e4));
      SameDiffModel exported = Transformer.of(CONFIG, large).toSameDiff(4);
      int[][] tokens = TestModels.tokens(CONFIG, 2, 4, 3L);
      assertThat(exported.output(tokens, "loss").get("loss").getDouble(0))
          .isCloseTo(reference(CONFIG).loss(tokens), within(5e-3));
    }

    @Test
    void isAsLongAsTheContextUnlessSaid() {
      assertThat(model(CONFIG).toSameDiff().tokens(TestModels.tokens(CONFIG, 2, 9, 1L)))
          .containsOnlyKeys("tokens");
    }

    @Test
    void isDifferentiatedWithoutPrintingAnything() {
      PrintStream out = System.out;
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      System.setOut(new PrintStream(printed));
      try {
        model(CONFIG).toSameDiff(3).gradients(new int[][] {{1, 2, 3}}, List.of("embed.W_E"));
        assertThat(printed.toString()).isEmpty();
        System.out.print("after");
        System.out.flush();
        assertThat(printed.toString()).isEqualTo("after");
      } finally {
        System.setOut(out);
      }
    }
  }

  @Nested
  class WhatCannotBe {

    @Test
    void aSequenceOfAnotherLengthOrATokenOutsideTheVocabularyIsRefused() {
      SameDiffModel exported = model(CONFIG).toSameDiff(4);
      assertThatThrownBy(() -> exported.tokens(new int[][] {{1, 2, 3}}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("sequences of 4")
          .hasMessageContaining("toSameDiff(3)");
      assertThatThrownBy(() -> exported.tokens(new int[][] {{1, 2, 3, 11}}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("11");
    }

    @Test
    void aLengthOrTypeThatTheModelDoesNotHaveIsRefused() {
      assertThatThrownBy(() -> model(CONFIG).toSameDiff(10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("n_ctx = 9")
          .hasMessageContaining("10");
      assertThatThrownBy(() -> model(CONFIG).toSameDiff(4, DataType.INT))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("INT");
    }

    @Test
    void aPointThatTheModelLacksIsRefusedWithThoseItHas() {
      assertThatThrownBy(() -> model(CONFIG).toSameDiff(4).variable(HookPoint.mlpOut(0)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("blocks.0.hook_mlp_out")
          .hasMessageContaining("blocks.1.attn.hook_q");
    }
  }

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 1L));
  }

  private static ReferenceTransformer reference(TransformerConfig config) {
    return ReferenceTransformer.of(config, TestModels.weights(config, 1L));
  }
}
