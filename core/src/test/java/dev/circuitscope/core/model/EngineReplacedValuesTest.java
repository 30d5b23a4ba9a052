package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hook;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.reference.Intervention;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Hooks that put their own values into attention, or into any activation; and their gradients. */
class EngineReplacedValuesTest {

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

  @Nested
  class AReplacedActivation {

    @Test
    void letsNoGradientThrough() {
      INDArray value = Nd4j.linspace(-1, 1, 2 * 5 * 6).reshape(2, 5, 6);
      INDArray before = value.dup();
      GradientRun run =
          model.runWithGradients(
              TOKENS, Capture.all(), Hooks.replace(HookPoint.residPost(0), value));
      TensorAssert.assertThat(run.cache().get(HookPoint.residPost(0)))
          .isCloseTo(before, Tolerance.ACTIVATIONS);
      for (HookPoint upstream :
          List.of(HookPoint.EMBED, HookPoint.POS_EMBED, HookPoint.q(0), HookPoint.attnOut(0))) {
        INDArray gradient = run.gradients().get(upstream);
        TensorAssert.assertThat(gradient)
            .as(upstream.name())
            .isCloseTo(gradient.like(), Tolerance.EXACT);
      }
      assertThat(run.weightGradients().get("embed.W_E").amaxNumber().doubleValue()).isZero();
      assertThat(run.weightGradients().get("blocks.0.attn.W_O").amaxNumber().doubleValue())
          .isZero();
      assertThat(run.weightGradients().get("blocks.1.attn.W_O").amaxNumber().doubleValue())
          .isPositive();
      TensorAssert.assertThat(value).as("the value is not modified").hasSameBitsAs(before);
    }

    @Test
    void mayBeDouble() {
      INDArray z = model.runWithCache(TOKENS).cache().get(HookPoint.z(0));
      INDArray wide = z.castTo(org.nd4j.linalg.api.buffer.DataType.DOUBLE);
      TensorAssert.assertThat(model.run(TOKENS, Hooks.replace(HookPoint.z(0), wide)))
          .isCloseTo(model.run(TOKENS), Tolerance.EXACT);
    }

    @Test
    void mayBeAView() {
      INDArray z = model.runWithCache(TOKENS).cache().get(HookPoint.z(0));
      INDArray view = z.permute(3, 2, 1, 0).dup('c').permute(3, 2, 1, 0);
      TensorAssert.assertThat(model.run(TOKENS, Hooks.replace(HookPoint.z(0), view)))
          .hasSameBitsAs(model.run(TOKENS));
    }
  }

  @Nested
  class AHookThatOverwrites {

    /** The same hook for runs that compute the activation nevertheless. */
    private Hooks computed(HookPoint point, INDArray value) {
      return Hooks.read(point, (x, at) -> assertThat(x.sumNumber().doubleValue()).isFinite())
          .and(Hooks.replace(point, value));
    }

    @Test
    void givesWhatItGivesWhenTheModelComputesTheActivationFirst() {
      for (Transformer any : List.of(model, model(CONFIG.toBuilder().smearedKeys(true).build()))) {
        int dHead = any.config().dHead();
        for (HookPoint point : List.of(HookPoint.q(0), HookPoint.k(1), HookPoint.v(1))) {
          INDArray value = Nd4j.linspace(-1, 1, 2 * 5 * 3 * dHead).reshape(2, 5, 3, dHead);
          assertThat(Hooks.replace(point, value).of(point).get(0).overwrites()).isTrue();
          GradientRun left =
              any.runWithGradients(TOKENS, Capture.all(), Hooks.replace(point, value));
          GradientRun made = any.runWithGradients(TOKENS, Capture.all(), computed(point, value));
          TensorAssert.assertThat(left.logits()).hasSameBitsAs(made.logits());
          TensorAssert.assertThat(left.cache().get(point)).hasSameBitsAs(made.cache().get(point));
          TensorAssert.assertThat(left.weightGradients().block().toArray())
              .hasSameBitsAs(made.weightGradients().block().toArray());
        }
      }
    }

    @Test
    void leavesHooksBeforeItTheirActivation() {
      INDArray[] seen = new INDArray[1];
      INDArray value = model.runWithCache(TOKENS).cache().get(HookPoint.q(0)).mul(2);
      Hooks look = Hooks.at(HookPoint.q(0), (x, at) -> seen[0] = x.dup());
      model.run(TOKENS, look.and(Hooks.replace(HookPoint.q(0), value)));
      TensorAssert.assertThat(seen[0])
          .hasSameBitsAs(model.runWithCache(TOKENS).cache().get(HookPoint.q(0)));
    }
  }

  @Nested
  class AGradientHook {

    @Test
    void thatStopsKeysAndValuesLeavesTheirWeightsWithoutGradient() {
      Hook stop = Hook.onGradient((gradient, at) -> gradient.muli(0));
      GradientRun run =
          model.runWithGradients(
              TOKENS,
              Capture.nothing(),
              Hooks.at(HookPoint.k(1), stop).and(Hooks.at(HookPoint.v(1), stop)));
      assertThat(run.weightGradients().get("blocks.1.attn.W_K").amaxNumber().doubleValue())
          .isZero();
      assertThat(run.weightGradients().get("blocks.1.attn.b_V").amaxNumber().doubleValue())
          .isZero();
      assertThat(run.weightGradients().get("blocks.1.attn.W_Q").amaxNumber().doubleValue())
          .isPositive();
      TensorAssert.assertThat(run.logits()).hasSameBitsAs(model.run(TOKENS));
    }
  }

  @Nested
  class AttentionAboveTheDiagonal {

    @Test
    void thatAHookPutsIntoThePatternIsUsed() {
      INDArray uniform = Nd4j.valueArrayOf(new long[] {2, 3, 5, 5}, 0.2);
      double[] values = new double[2 * 3 * 5 * 5];
      Arrays.fill(values, 0.2f);
      TensorAssert.assertThat(model.run(TOKENS, Hooks.replace(HookPoint.pattern(0), uniform)))
          .isCloseTo(
              reference(model)
                  .run(TOKENS, Intervention.replace(HookPoint.pattern(0), values))
                  .logits()
                  .toArray(),
              Tolerance.ACTIVATIONS);
    }

    @Test
    void thatAHookPutsIntoTheScoresIsUsed() {
      double[] values = new double[2 * 3 * 5 * 5];
      Arrays.setAll(values, i -> Math.sin(i));
      INDArray scores = Nd4j.createFromArray(values).reshape(2, 3, 5, 5);
      TensorAssert.assertThat(model.run(TOKENS, Hooks.replace(HookPoint.attnScores(0), scores)))
          .isCloseTo(
              reference(model)
                  .run(TOKENS, Intervention.replace(HookPoint.attnScores(0), values))
                  .logits()
                  .toArray(),
              Tolerance.ACTIVATIONS);
    }
  }
}
