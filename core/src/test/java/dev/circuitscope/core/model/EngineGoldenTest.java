package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.reference.Golden;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class EngineGoldenTest {

  private static final Set<Site> QUERIES_ONLY = Set.of(Site.LN1_SCALE, Site.LN1_NORMALIZED);

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void everyActivationAndTheLogitsAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    Map<String, INDArray> activations = golden.group("act.");
    assertThat(activations).hasSizeGreaterThan(10);
    Run run = model(golden).runWithCache(golden.tokens(), compared(golden), Hooks.none());
    TensorAssert.assertThat(run.logits()).isCloseTo(golden.get("logits"), Tolerance.ACTIVATIONS);
    activations.forEach(
        (hook, expected) ->
            TensorAssert.assertThat(run.cache().get(hook))
                .as(hook)
                .isCloseTo(expected, Tolerance.ACTIVATIONS));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#withLoss")
  void lossesAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    GradientRun run = run(golden);
    TensorAssert.assertThat(run.logits()).isCloseTo(golden.get("logits"), Tolerance.ACTIVATIONS);
    assertThat(run.loss()).isCloseTo(golden.get("loss").getDouble(0), within(1e-5));
    Transformer model = model(golden);
    TensorAssert.assertThat(model.lossPerToken(golden.tokens()))
        .isCloseTo(golden.get("loss_per_token"), Tolerance.ACTIVATIONS);
    TensorAssert.assertThat(model.run(golden.tokens()))
        .isCloseTo(golden.get("logits"), Tolerance.ACTIVATIONS);
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#withLoss")
  void everyGradientOfAWeightIsTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    GradientRun run = run(golden);
    Map<String, INDArray> gradients = golden.group("weight_grad.");
    assertThat(gradients.keySet()).isEqualTo(run.weightGradients().toMap().keySet());
    gradients.forEach(
        (weight, expected) ->
            TensorAssert.assertThat(run.weightGradients().get(weight))
                .as(weight)
                .isCloseTo(expected, Tolerance.GRADIENTS));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#withLoss")
  void everyGradientOfAnActivationIsTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    GradientRun run = run(golden);
    Map<String, INDArray> gradients = golden.group("act_grad.");
    assertThat(gradients).hasSizeGreaterThan(10);
    gradients.forEach(
        (hook, expected) -> {
          HookPoint point = HookPoint.parse(hook);
          GradientRun compared = QUERIES_ONLY.contains(point.site()) ? queries(golden, point) : run;
          TensorAssert.assertThat(compared.gradients().get(point))
              .as(hook)
              .isCloseTo(expected, Tolerance.GRADIENTS);
        });
  }

  /**
   * TransformerLens normalises three times, for queries, keys and values, and its gradient hook
   * keeps what comes last, the queries' share of the gradient at the points of ln1. Here they are
   * normalised once and the gradient is the whole one. Without the gradients of this layer's keys
   * and values the two are the same.
   */
  private static GradientRun queries(Golden golden, HookPoint point) {
    Hook none = Hook.onGradient((gradient, at) -> gradient.assign(0));
    Hooks queriesOnly =
        Hooks.at(HookPoint.k(point.layer()), none).and(Hooks.at(HookPoint.v(point.layer()), none));
    return model(golden).runWithGradients(golden.tokens(), Capture.only(point), queriesOnly);
  }

  private static GradientRun run(Golden golden) {
    return model(golden).runWithGradients(golden.tokens(), compared(golden), Hooks.none());
  }

  private static Capture compared(Golden golden) {
    return Capture.matching(point -> golden.tensors().contains("act." + point));
  }

  private static Transformer model(Golden golden) {
    return Transformer.of(golden.config(), Weights.of(golden.config(), golden.group("weights.")));
  }
}
