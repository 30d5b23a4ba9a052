package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.reference.FiniteDifferences;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The backward pass of every component against differences of the float64 forward pass. */
class EngineFiniteDifferencesTest {

  private static final String KINDS = "kinds";
  private static final Set<Site> SPLIT = Set.of(Site.Q_INPUT, Site.K_INPUT, Site.V_INPUT);

  /** Every normalisation with every kind of positions, and every other architecture. */
  static Stream<TransformerConfig> kinds() {
    return Stream.concat(TestModels.twoLayers(), TestModels.family());
  }

  private Transformer model;
  private ReferenceTransformer reference;
  private int[][] tokens;

  private void prepare(TransformerConfig config) {
    Weights weights = TestModels.weights(config, 1L);
    model = Transformer.of(config, weights);
    reference = ReferenceTransformer.of(config, weights);
    tokens = TestModels.tokens(config, 2, 5, 2L);
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void everyActivationIsTheReferences(TransformerConfig config) {
    prepare(config);
    Run run = model.runWithCache(tokens, Capture.everything(), Hooks.none());
    ReferenceRun expected = reference.run(tokens);
    assertThat(run.cache().points()).containsExactlyInAnyOrderElementsOf(config.hookPoints());
    for (HookPoint point : config.hookPoints()) {
      TensorAssert.assertThat(run.cache().get(point))
          .as(point.name())
          .isCloseTo(expected.get(point).toArray(), Tolerance.ACTIVATIONS);
    }
    TensorAssert.assertThat(run.logits())
        .isCloseTo(expected.logits().toArray(), Tolerance.ACTIVATIONS);
    TensorAssert.assertThat(model.lossPerToken(tokens))
        .isCloseTo(expected.lossPerToken().toArray(), Tolerance.ACTIVATIONS);
    assertThat(model.loss(tokens)).isCloseTo(expected.loss(), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void everyWeightsGradientIsTheSlopeOfTheLoss(TransformerConfig config) {
    prepare(config);
    Weights gradients = model.runWithGradients(tokens).weightGradients();
    for (Parameter p : gradients.layout().parameters()) {
      TensorAssert.assertThat(gradients.get(p.name()).ravel())
          .as(p.name())
          .isCloseTo(FiniteDifferences.ofWeight(reference, tokens, p.name()), Tolerance.GRADIENTS);
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void everyActivationsGradientIsTheSlopeOfTheLoss(TransformerConfig config) {
    prepare(config);
    Capture capture = Capture.matching(point -> !SPLIT.contains(point.site()));
    GradientRun run = model.runWithGradients(tokens, capture, Hooks.none());
    for (HookPoint point : config.hookPoints()) {
      if (!SPLIT.contains(point.site())) {
        requireSlope(run, point);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  @DisplayName("the gradient of each head's own input is the slope, whichever inputs are split")
  void theGradientOfEachHeadsOwnInputIsTheSlope(TransformerConfig config) {
    prepare(config);
    GradientRun all = model.runWithGradients(tokens, Capture.everything(), Hooks.none());
    for (HookPoint point : config.hookPoints()) {
      if (SPLIT.contains(point.site())) {
        requireSlope(all, point);
        GradientRun alone = model.runWithGradients(tokens, Capture.only(point), Hooks.none());
        TensorAssert.assertThat(alone.gradients().get(point))
            .as(point + " alone")
            .isCloseTo(all.gradients().get(point), Tolerance.GRADIENTS);
      }
    }
  }

  @ParameterizedTest
  @MethodSource(KINDS)
  void splittingTheHeadsInputsChangesNoWeightsGradient(TransformerConfig config) {
    prepare(config);
    Weights together = model.runWithGradients(tokens).weightGradients();
    for (Site site : SPLIT) {
      Capture split = Capture.matching(point -> point.site() == site);
      Weights apart = model.runWithGradients(tokens, split, Hooks.none()).weightGradients();
      together
          .toMap()
          .forEach(
              (name, gradient) ->
                  TensorAssert.assertThat(apart.get(name))
                      .as(name)
                      .isCloseTo(gradient, Tolerance.GRADIENTS));
    }
  }

  private void requireSlope(GradientRun run, HookPoint point) {
    TensorAssert.assertThat(run.gradients().get(point).ravel())
        .as(point.name())
        .isCloseTo(FiniteDifferences.ofActivation(reference, tokens, point), Tolerance.GRADIENTS);
  }
}
