package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.TestModels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Hooks that only read. */
class EngineReadingHooksTest {

  private static float[] values(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  private static Hooks everywhere(TransformerConfig config, Map<HookPoint, float[]> seen) {
    Hooks hooks = Hooks.none();
    for (HookPoint point : config.hookPoints()) {
      hooks = hooks.and(Hooks.read(point, (x, at) -> seen.put(at, values(x))));
    }
    return hooks;
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.TestModels#family")
  void seeEveryPointOnceInOrderAndWhatACacheWouldKeep(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 3));
    int[][] tokens = TestModels.tokens(config, 2, Math.min(5, config.nCtx()), 4);
    Map<HookPoint, float[]> seen = new LinkedHashMap<>();
    INDArray logits = model.run(tokens, everywhere(config, seen));

    assertThat(seen.keySet()).containsExactlyInAnyOrderElementsOf(config.hookPoints());
    Predicate<HookPoint> always = point -> !point.site().onDemand();
    assertThat(seen.keySet().stream().filter(always).toList())
        .isEqualTo(config.hookPoints().stream().filter(always).toList());
    Run kept = model.runWithCache(tokens, Capture.everything(), Hooks.none());
    seen.forEach(
        (point, values) ->
            assertThat(values).as(point.name()).isEqualTo(values(kept.cache().get(point))));
    assertThat(values(logits)).isEqualTo(values(kept.logits()));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.TestModels#twoLayers")
  void leaveGradientsAlone(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 5));
    int[][] tokens = TestModels.tokens(config, 2, 6, 6);
    Hooks reading = Hooks.none();
    for (HookPoint point : config.hookPoints()) {
      if (!point.site().onDemand()) {
        reading = reading.and(Hooks.read(point, (x, at) -> {}));
      }
    }
    GradientRun with = model.runWithGradients(tokens, Capture.nothing(), reading);
    GradientRun without = model.runWithGradients(tokens, Capture.nothing(), Hooks.none());
    assertThat(with.weightGradients().block().toArray())
        .isEqualTo(without.weightGradients().block().toArray());
  }

  @Test
  void areCalledInTheirTurnBetweenHooksThatChangeTheirPoint() {
    TransformerConfig config =
        TransformerConfig.attentionOnly(1).heads(2).dModel(8).vocab(7).context(4).build();
    Transformer model = Transformer.create(config, 1);
    List<Float> seen = new ArrayList<>();
    Hook look = Hook.reading((x, at) -> seen.add(x.getFloat(0, 0, 0)));
    HookPoint point = HookPoint.residPre(0);
    model.run(
        new int[][] {{1, 2}},
        Hooks.at(point, (x, at) -> x.assign(1))
            .and(Hooks.at(point, look))
            .and(Hooks.at(point, (x, at) -> x.assign(2)))
            .and(Hooks.at(point, look)));
    assertThat(seen).containsExactly(1f, 2f);
  }
}
