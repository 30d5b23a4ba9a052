package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.GradientRun;
import dev.circuitscope.core.model.LogitFunction;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MetricsTest {

  private final Transformer model = PatchedModels.withMlps(Normalization.LN);
  private final int[][] tokens = PatchedModels.tokens(model, 2, 5, 1L);
  private final INDArray logits = model.run(tokens);

  @Test
  @DisplayName("the loss is the model's own")
  void loss() {
    assertThat(Metrics.loss(tokens).of(logits)).isCloseTo(model.loss(tokens), within(1e-5));
    double[][] perToken = new NextTokenLoss(tokens).perToken(logits);
    INDArray own = model.lossPerToken(tokens);
    assertThat(perToken[1][3]).isCloseTo(own.getDouble(1, 3), within(1e-5));
  }

  @Test
  @DisplayName("the logit difference is that of its tokens at its positions")
  void logitDifference() {
    Metric last = Metrics.logitDifference(new int[] {1, 2}, new int[] {3, 4});
    double byHand =
        (logits.getDouble(0, 4, 1)
                - logits.getDouble(0, 4, 3)
                + logits.getDouble(1, 4, 2)
                - logits.getDouble(1, 4, 4))
            / 2;
    assertThat(last.of(logits)).isCloseTo(byHand, within(1e-6));
    assertThat(last.reads(4, 5)).isTrue();
    assertThat(last.reads(3, 5)).isFalse();
    Metric placed = Metrics.logitDifference(new int[] {1, 2}, new int[] {3, 4}, new int[] {0, 2});
    assertThat(placed.reads(2, 5)).isTrue();
    assertThat(placed.reads(1, 5)).isFalse();
  }

  @Test
  @DisplayName("gradients are those of finite differences")
  void gradients() {
    List<DifferentiableMetric> metrics =
        List.of(
            Metrics.loss(tokens),
            Metrics.logitDifference(new int[] {1, 2}, new int[] {3, 2}),
            PatchedModels.linear(model, 2, 5, 8L));
    for (DifferentiableMetric metric : metrics) {
      INDArray gradient = metric.gradient(logits);
      for (int i = 0; i < logits.length(); i += 7) {
        INDArray up = logits.dup('c');
        INDArray down = logits.dup('c');
        up.putScalar(i, logits.dup('c').getDouble(i) + 0.03125);
        down.putScalar(i, logits.dup('c').getDouble(i) - 0.03125);
        double slope = (metric.of(up) - metric.of(down)) / 0.0625;
        assertThat(gradient.dup('c').getDouble(i))
            .as("%s at %d", metric.label(), i)
            .isCloseTo(slope, within(2e-4));
      }
    }
  }

  @Test
  @DisplayName("the loss as a function of logits has the loss's gradients in the engine")
  void engine() {
    Capture capture = Capture.only(HookPoint.z(0));
    GradientRun own = model.runWithGradients(tokens, capture, Hooks.none());
    GradientRun given = model.runWithGradients(tokens, Metrics.loss(tokens), capture, Hooks.none());
    assertThat(given.loss()).isCloseTo(own.loss(), within(1e-6));
    assertThat(
            PatchedModels.largestDifference(
                own.gradients().get(HookPoint.z(0)), given.gradients().get(HookPoint.z(0))))
        .isLessThan(1e-6);
    assertThat(
            PatchedModels.largestDifference(
                own.weightGradients().get("unembed.W_U"),
                given.weightGradients().get("unembed.W_U")))
        .isLessThan(1e-6);
  }

  @Test
  @DisplayName("what does not fit the logits is refused")
  void refusals() {
    assertThatThrownBy(() -> Metrics.logitDifference(new int[] {1}, new int[] {1, 2}))
        .hasMessageContaining("were 1, 2 and 1");
    assertThatThrownBy(() -> Metrics.logitDifference(new int[0], new int[0]))
        .hasMessageContaining("at least 1 example");
    assertThatThrownBy(
            () -> Metrics.logitDifference(new int[] {1, 99}, new int[] {1, 2}).of(logits))
        .hasMessageContaining("no token 99");
    assertThatThrownBy(() -> Metrics.loss(new int[][] {{1}}))
        .hasMessageContaining("at least 2 tokens");
    assertThatThrownBy(() -> Metrics.loss(PatchedModels.tokens(model, 2, 4, 1L)).of(logits))
        .hasMessageContaining("tokens [2, 4]");
    assertThatThrownBy(() -> Metrics.linear(Nd4j.zeros(2, 3))).hasMessageContaining("[2, 3]");
    LogitFunction misshapen =
        new LogitFunction() {
          @Override
          public double value(INDArray x) {
            return 0;
          }

          @Override
          public INDArray gradient(INDArray x) {
            return Nd4j.zeros(1, 2);
          }
        };
    assertThatThrownBy(
            () -> model.runWithGradients(tokens, misshapen, Capture.nothing(), Hooks.none()))
        .hasMessageContaining("must have their shape, was [1, 2]");
  }
}
