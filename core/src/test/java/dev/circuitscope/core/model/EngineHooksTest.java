package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.reference.FiniteDifferences;
import dev.circuitscope.core.reference.Intervention;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class EngineHooksTest {

  private static final TransformerConfig CONFIG =
      TestModels.config(2, Normalization.LN, Positions.STANDARD);
  private static final int[][] TOKENS = TestModels.tokens(CONFIG, 2, 5, 8L);

  private final Transformer model = model(CONFIG);

  private static Transformer model(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 7L));
  }

  private static ReferenceTransformer reference(Transformer model) {
    return ReferenceTransformer.of(model.config(), model.weights());
  }

  static Stream<TransformerConfig> differentKinds() {
    return Stream.concat(
        Stream.of(
            CONFIG,
            TestModels.config(2, Normalization.NONE, Positions.SHORTFORMER),
            TestModels.config(2, Normalization.LN_PRE, Positions.SINUSOIDAL_SHORTFORMER),
            TestModels.config(1, Normalization.NONE, Positions.NONE)),
        TestModels.family());
  }

  /** Models of 3 heads of 5. */
  static Stream<TransformerConfig> attentionOnly() {
    return differentKinds().limit(4);
  }

  @Nested
  class AHookThatChangesNothing {

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.model.EngineFiniteDifferencesTest#kinds")
    void changesNoBitOfTheLogitsAndNoBitOfTheGradients(TransformerConfig config) {
      Transformer any = model(config);
      int[][] tokens = TestModels.tokens(config, 2, 5, 8L);
      Hooks identity = identityAt(config, point -> !point.site().onDemand());
      GradientRun plain = any.runWithGradients(tokens);
      GradientRun hooked = any.runWithGradients(tokens, Capture.all(), identity);
      TensorAssert.assertThat(hooked.logits()).hasSameBitsAs(plain.logits());
      TensorAssert.assertThat(any.run(tokens, identity)).hasSameBitsAs(plain.logits());
      for (HookPoint point : plain.gradients().points()) {
        TensorAssert.assertThat(hooked.cache().get(point))
            .as(point.name())
            .hasSameBitsAs(plain.cache().get(point));
        TensorAssert.assertThat(hooked.gradients().get(point))
            .as("gradient at " + point)
            .isCloseTo(plain.gradients().get(point), Tolerance.GRADIENTS);
      }
      requireSameGradients(hooked.weightGradients(), plain.weightGradients());
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.model.EngineFiniteDifferencesTest#kinds")
    void changesNothingButRoundingWhereActivationsAreComputedOnDemand(TransformerConfig config) {
      Transformer any = model(config);
      int[][] tokens = TestModels.tokens(config, 2, 5, 8L);
      Hooks identity = identityAt(config, point -> point.site().onDemand());
      GradientRun plain = any.runWithGradients(tokens);
      GradientRun hooked = any.runWithGradients(tokens, Capture.all(), identity);
      TensorAssert.assertThat(hooked.logits()).isCloseTo(plain.logits(), Tolerance.ACTIVATIONS);
      requireSameGradients(hooked.weightGradients(), plain.weightGradients());
    }

    private Hooks identityAt(
        TransformerConfig config, java.util.function.Predicate<HookPoint> where) {
      Hooks hooks = Hooks.none();
      for (HookPoint point : config.hookPoints()) {
        if (where.test(point)) {
          hooks = hooks.and(Hooks.at(point, (x, at) -> x));
        }
      }
      return hooks;
    }

    private void requireSameGradients(Weights actual, Weights expected) {
      expected
          .toMap()
          .forEach(
              (name, gradient) ->
                  TensorAssert.assertThat(actual.get(name))
                      .as(name)
                      .isCloseTo(gradient, Tolerance.GRADIENTS));
    }
  }

  @Nested
  class AHookThatChangesAnActivation {

    /** x becomes 1.1 x + 0.05: a map whose gradient is 1.1 times the identity. */
    private final Hook affine =
        new Hook() {
          @Override
          public INDArray forward(INDArray x, HookPoint at) {
            return x.mul(1.1).addi(0.05);
          }

          @Override
          public INDArray backward(INDArray gradient, HookPoint at) {
            return gradient.mul(1.1);
          }
        };

    private Intervention affineAt(HookPoint where) {
      return (at, x) -> at.equals(where) ? Arrays.stream(x).map(v -> 1.1 * v + 0.05).toArray() : x;
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.model.EngineHooksTest#differentKinds")
    void givesAtEveryPointTheLogitsOfTheReferenceChangedThere(TransformerConfig config) {
      Transformer any = model(config);
      int[][] tokens = TestModels.tokens(config, 2, 5, 8L);
      for (HookPoint point : config.hookPoints()) {
        TensorAssert.assertThat(any.run(tokens, Hooks.at(point, affine)))
            .as(point.name())
            .isCloseTo(
                reference(any).run(tokens, affineAt(point)).logits().toArray(),
                Tolerance.ACTIVATIONS);
      }
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.model.EngineHooksTest#differentKinds")
    void hasAtEveryPointTheGradientOfTheReferenceChangedThere(TransformerConfig config) {
      Transformer any = model(config);
      int[][] tokens = TestModels.tokens(config, 1, 4, 9L);
      for (HookPoint point : config.hookPoints()) {
        GradientRun run =
            any.runWithGradients(tokens, Capture.only(HookPoint.EMBED), Hooks.at(point, affine));
        INDArray gradient = run.gradients().get(HookPoint.EMBED);
        double[] slope =
            FiniteDifferences.ofActivation(
                reference(any), tokens, HookPoint.EMBED, affineAt(point));
        // the hook at hook_embed itself lies behind the point where the gradient is taken
        double factor = point.equals(HookPoint.EMBED) ? 1.1 : 1;
        TensorAssert.assertThat(gradient.ravel())
            .as(point.name())
            .isCloseTo(Arrays.stream(slope).map(s -> factor * s).toArray(), Tolerance.GRADIENTS);
      }
    }

    @Test
    void isSeenInTheCache() {
      HookPoint point = HookPoint.residPost(0);
      INDArray plain = model.runWithCache(TOKENS).cache().get(point);
      Run changed = model.runWithCache(TOKENS, Capture.all(), Hooks.at(point, (x, at) -> x.mul(3)));
      TensorAssert.assertThat(changed.cache().get(point))
          .isCloseTo(plain.mul(3), Tolerance.ACTIVATIONS);
      TensorAssert.assertThat(changed.cache().get(HookPoint.residPre(1)))
          .hasSameBitsAs(changed.cache().get(point));
    }

    @Test
    void mayChangeItInPlace() {
      HookPoint point = HookPoint.attnOut(1);
      TensorAssert.assertThat(model.run(TOKENS, Hooks.at(point, (x, at) -> x.muli(2))))
          .hasSameBitsAs(model.run(TOKENS, Hooks.at(point, (x, at) -> x.mul(2))));
    }

    @Test
    void leavesNoTraceInTheNextRun() {
      INDArray before = model.run(TOKENS).dup();
      model.run(TOKENS, Hooks.zeroHead(0, 1));
      assertThatThrownBy(
              () ->
                  model.run(
                      TOKENS,
                      Hooks.at(
                          HookPoint.z(1),
                          (x, at) -> {
                            throw new IllegalStateException("out of a hook");
                          })))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("out of a hook");
      TensorAssert.assertThat(model.run(TOKENS)).hasSameBitsAs(before);
    }

    @Test
    void seesTheNameAndTheShapeOfThePoint() {
      List<String> seen = new ArrayList<>();
      Hook look =
          (x, at) -> {
            seen.add(at + " " + Arrays.toString(x.shape()));
            return x;
          };
      model.run(TOKENS, Hooks.at("pattern0", look).and(Hooks.at(HookPoint.result(1), look)));
      assertThat(seen)
          .containsExactly(
              "blocks.0.attn.hook_pattern [2, 3, 5, 5]", "blocks.1.attn.hook_result [2, 5, 3, 6]");
    }
  }

  @Nested
  class ZeroHead {

    @ParameterizedTest
    @MethodSource("dev.circuitscope.core.model.EngineHooksTest#attentionOnly")
    void isTheReferenceWithThatHeadsZZeroed(TransformerConfig config) {
      Transformer any = model(config);
      for (int head = 0; head < 3; head++) {
        int zeroed = head;
        Intervention zero =
            (at, z) -> {
              double[] changed = z.clone();
              for (int i = 0; at.equals(HookPoint.z(0)) && i < z.length; i++) {
                changed[i] = i / 5 % 3 == zeroed ? 0 : z[i];
              }
              return changed;
            };
        GradientRun run =
            any.runWithGradients(TOKENS, Capture.only(HookPoint.EMBED), Hooks.zeroHead(0, head));
        TensorAssert.assertThat(run.logits())
            .isCloseTo(reference(any).run(TOKENS, zero).logits().toArray(), Tolerance.ACTIVATIONS);
        TensorAssert.assertThat(run.gradients().get(HookPoint.EMBED).ravel())
            .isCloseTo(
                FiniteDifferences.ofActivation(reference(any), TOKENS, HookPoint.EMBED, zero),
                Tolerance.GRADIENTS);
      }
    }

    @Test
    void ofAHeadThatDoesNotExistSaysHowManyThereAre() {
      assertThatThrownBy(() -> model.run(TOKENS, Hooks.zeroHead(0, 3)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("head 3")
          .hasMessageContaining("3 heads");
      assertThatThrownBy(() -> Hooks.zeroHead(0, -1)).hasMessageContaining("-1");
    }
  }

  @Nested
  class SeveralHooksAtOnePoint {

    @Test
    void applyInOrderForward() {
      HookPoint point = HookPoint.residPre(1);
      Hooks doubled = Hooks.at(point, (x, at) -> x.mul(2));
      Hooks plusOne = Hooks.at(point, (x, at) -> x.add(1));
      INDArray x = model.runWithCache(TOKENS).cache().get(point);
      TensorAssert.assertThat(kept(point, doubled.and(plusOne)))
          .isCloseTo(x.mul(2).add(1), Tolerance.ACTIVATIONS);
      TensorAssert.assertThat(kept(point, plusOne.and(doubled)))
          .isCloseTo(x.add(1).mul(2), Tolerance.ACTIVATIONS);
    }

    @Test
    void applyInReverseBackward() {
      HookPoint point = HookPoint.residPre(1);
      List<String> order = new ArrayList<>();
      Hooks both =
          Hooks.at(point, recording("first", order))
              .and(Hooks.at(point, recording("second", order)));
      model.runWithGradients(TOKENS, Capture.nothing(), both);
      assertThat(order)
          .containsExactly("first forward", "second forward", "second backward", "first backward");
    }

    private INDArray kept(HookPoint point, Hooks hooks) {
      return model.runWithCache(TOKENS, Capture.only(point), hooks).cache().get(point);
    }

    private Hook recording(String name, List<String> order) {
      return new Hook() {
        @Override
        public INDArray forward(INDArray x, HookPoint at) {
          order.add(name + " forward");
          return x;
        }

        @Override
        public INDArray backward(INDArray gradient, HookPoint at) {
          order.add(name + " backward");
          return gradient;
        }
      };
    }
  }

  @Nested
  class AHookThatCannotBeApplied {

    @Test
    void atAMissingPointFailsNamingThePointsThatExist() {
      Transformer bare = model(TestModels.config(1, Normalization.NONE, Positions.NONE));
      for (HookPoint missing :
          List.of(
              HookPoint.pattern(1),
              HookPoint.POS_EMBED,
              HookPoint.LN_FINAL_SCALE,
              new HookPoint(Site.LN1_SCALE, 0))) {
        assertThatThrownBy(() -> bare.run(TOKENS, Hooks.at(missing, (x, at) -> x)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(missing.name())
            .hasMessageContaining("hook_embed")
            .hasMessageContaining("blocks.0.attn.hook_pattern");
        assertThatThrownBy(() -> bare.runWithCache(TOKENS, Capture.only(missing), Hooks.none()))
            .hasMessageContaining(missing.name())
            .hasMessageContaining("blocks.0.attn.hook_pattern");
      }
    }

    @Test
    void becauseItReturnsAnotherShapeFailsWithBothShapes() {
      for (Hook wrong : List.<Hook>of((x, at) -> Nd4j.zeros(2, 5, 3, 4), (x, at) -> null)) {
        assertThatThrownBy(() -> model.run(TOKENS, Hooks.at(HookPoint.z(0), wrong)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("blocks.0.attn.hook_z")
            .hasMessageContaining("[2, 5, 3, 5]");
        assertThatThrownBy(
                () ->
                    model.runWithGradients(
                        TOKENS,
                        Capture.nothing(),
                        Hooks.at(HookPoint.z(0), Hook.onGradient(wrong))))
            .hasMessageContaining("[2, 5, 3, 5]");
      }
    }
  }
}
