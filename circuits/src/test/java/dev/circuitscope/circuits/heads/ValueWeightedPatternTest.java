package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.plot.AttentionPlot;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueWeightedPatternTest {

  private static final int[][] TOKENS = {{3, 1, 4, 1, 5}, {9, 2, 6, 5, 3}};

  private static Transformer model(int keyValueHeads) {
    TransformerConfig config =
        TransformerConfig.attentionOnly(2)
            .heads(4)
            .keyValueHeads(keyValueHeads)
            .dModel(6)
            .dHead(3)
            .vocab(11)
            .context(8)
            .build();
    return Transformer.of(config, TestModels.weights(config, 3L));
  }

  @ParameterizedTest
  @CsvSource({"4", "2", "1"})
  void attentionIsMultipliedByTheLengthOfTheValue(int keyValueHeads) {
    Transformer model = model(keyValueHeads);
    ReferenceRun expected = ReferenceTransformer.of(model.config(), model.weights()).run(TOKENS);
    DoubleTensor a = expected.get(HookPoint.pattern(1));
    DoubleTensor v = expected.get(HookPoint.v(1));
    double[] wO = wide(model.weights().elements("blocks.1.attn.W_O"));
    try (Run run = model.runWithCache(TOKENS)) {
      for (ValueNorm norm : ValueNorm.values()) {
        for (int head = 0; head < 4; head++) {
          double[][] found =
              ValueWeightedPattern.of(model, run.cache(), new Head(1, head), 1, norm).values();
          for (int src = 0; src < 5; src++) {
            double[] value = new double[3];
            for (int i = 0; i < 3; i++) {
              value[i] = v.at(1, src, head / (4 / keyValueHeads), i);
            }
            double[] vector = norm == ValueNorm.VALUE ? value : written(value, wO, head);
            double length = Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
            for (int dest = 0; dest < 5; dest++) {
              assertThat(found[dest][src])
                  .isCloseTo(a.at(1, head, dest, src) * length, within(1e-5));
            }
          }
        }
      }
    }
  }

  private static double[] written(double[] value, double[] wO, int head) {
    double[] written = new double[6];
    for (int d = 0; d < 6; d++) {
      for (int i = 0; i < 3; i++) {
        written[d] += value[i] * wO[(head * 3 + i) * 6 + d];
      }
    }
    return written;
  }

  private static double[] wide(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  @Test
  void rowsCanBeNormalisedByTheirLargestValueAndDrawn() {
    Transformer model = model(4);
    try (Run run = model.runWithCache(TOKENS)) {
      List<ValueWeightedPattern> layer =
          ValueWeightedPattern.ofLayer(model, run.cache(), 0, 0, ValueNorm.OUTPUT);
      assertThat(layer).extracting(ValueWeightedPattern::head).contains(new Head(0, 3)).hasSize(4);
      AttentionPlot plot =
          new AttentionPlot(List.of("a", "b", "c", "d", "e"))
              .meaning("attention times " + ValueNorm.OUTPUT.label());
      for (ValueWeightedPattern pattern : layer) {
        double[][] raw = pattern.values();
        double[][] normalized = pattern.rowNormalized().values();
        for (int dest = 0; dest < 5; dest++) {
          double largest = Arrays.stream(raw[dest]).max().orElseThrow();
          assertThat(largest).isLessThanOrEqualTo(pattern.largest());
          for (int src = 0; src < 5; src++) {
            assertThat(normalized[dest][src] * largest).isCloseTo(raw[dest][src], within(1e-12));
          }
          assertThat(Arrays.stream(normalized[dest]).max()).hasValue(1);
        }
        plot.head(0, pattern.head().head(), normalized);
      }
      assertThat(plot.figure().toSvg()).contains("L0H3");
    }
  }

  @Test
  void rowsOfNothingStayNothing() {
    ValueWeightedPattern silent =
        new ValueWeightedPattern(new Head(0, 0), ValueNorm.VALUE, new double[][] {{0}});
    assertThat(silent.rowNormalized().values()).isDeepEqualTo(new double[][] {{0}});
    assertThat(silent.largest()).isZero();
    assertThat(silent.toString()).contains("L0H0").contains("value vector");
    assertThat(silent.toJson().get("head").getAsString()).isEqualTo("L0H0");
  }

  @Test
  void whatIsNotThereIsRefused() {
    Transformer model = model(4);
    try (Run run = model.runWithCache(TOKENS)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> ValueWeightedPattern.of(model, run.cache(), new Head(2, 0), 0, ValueNorm.VALUE))
          .withMessageContaining("2 layers of 4 heads");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> ValueWeightedPattern.of(model, run.cache(), new Head(0, 0), 2, ValueNorm.VALUE))
          .withMessageContaining("batch of 2");
    }
    try (Run run = model.runWithCache(TOKENS, Capture.only(HookPoint.pattern(0)), Hooks.none())) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> ValueWeightedPattern.of(model, run.cache(), new Head(0, 0), 0, ValueNorm.VALUE))
          .withMessageContaining("hook_v");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ValueWeightedPattern(new Head(0, 0), ValueNorm.VALUE, new double[][] {{1, 2}}));
  }
}
