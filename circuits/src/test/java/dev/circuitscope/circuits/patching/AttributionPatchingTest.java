package dev.circuitscope.circuits.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.reference.Intervention;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.factory.Nd4j;

class AttributionPatchingTest {

  private final Transformer model =
      PatchedModels.scaled(PatchedModels.withMlps(Normalization.LN), 0.4);
  private final int[][] clean = PatchedModels.tokens(model, 2, 6, 1L);
  private final int[][] corrupted = PatchedModels.tokens(model, 2, 6, 2L);
  private final DifferentiableMetric metric =
      Metrics.logitDifference(new int[] {1, 2}, new int[] {4, 5});

  @ParameterizedTest
  @EnumSource(
      value = Site.class,
      names = {"Z", "Q", "K", "V", "PATTERN", "RESID_PRE", "RESID_MID", "MLP_OUT", "MLP_POST"})
  @DisplayName("the error of the estimate falls with the square of the patch")
  void firstOrder(Site site) {
    for (DifferentiableMetric of : List.of(metric, Metrics.loss(clean))) {
      PatchGrid estimate =
          AttributionPatching.of(model, clean, corrupted, of).sweep(site, PatchAxis.LAYER);
      double wide = error(site, of, estimate, 0.1);
      double narrow = error(site, of, estimate, 0.025);
      // quadratic: 16 times smaller; float32 noise leaves a floor
      assertThat(narrow).isLessThan(wide / 10 + 2e-6);
      assertThat(narrow).isLessThan(0.25 * 0.025 * largest(estimate) + 2e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Site.class,
      names = {"Z", "Q", "K", "V", "PATTERN", "RESID_PRE", "RESID_MID", "MLP_OUT", "MLP_POST"})
  @DisplayName(
      "the effect of a patch in float64, over its size, goes to the estimate as it shrinks")
  void slope(Site site) {
    PatchGrid estimate =
        AttributionPatching.of(model, clean, corrupted, metric).sweep(site, PatchAxis.LAYER);
    double size = largest(estimate);
    for (int layer = 0; layer < 2; layer++) {
      HookPoint point = new HookPoint(site, layer);
      double slope = estimate.effects()[layer];
      double wide = Math.abs(effectInFloat64(point, 1e-2) / 1e-2 - slope);
      double narrow = Math.abs(effectInFloat64(point, 1e-4) / 1e-4 - slope);
      assertThat(narrow).as("%s", point).isLessThan(1e-4 * size);
      // the rest is linear in the patch, down to what float32 gradients are off
      assertThat(narrow).as("%s", point).isLessThan(wide / 50 + 2e-6 * Math.max(1, size));
    }
  }

  /** What a patch that goes some of the way does to the metric. */
  private double effectInFloat64(HookPoint point, double strength) {
    ReferenceTransformer reference = ReferenceTransformer.of(model.config(), model.weights());
    double[] to = reference.run(clean).get(point).values();
    Intervention patch =
        (at, x) -> {
          double[] y = x.clone();
          for (int i = 0; at.equals(point) && i < y.length; i++) {
            y[i] += strength * (to[i] - y[i]);
          }
          return y;
        };
    return difference(reference.run(corrupted, patch)) - difference(reference.run(corrupted));
  }

  /** The logit difference of {@link #metric}. */
  private static double difference(ReferenceRun run) {
    int v = run.logits().shape()[2];
    double[] logits = run.logits().values();
    return (logits[5 * v + 1] - logits[5 * v + 4] + logits[11 * v + 2] - logits[11 * v + 5]) / 2;
  }

  @Test
  @DisplayName("a metric of the last residual stream's logits that is linear has no error")
  void exactWhereLinear() {
    Transformer linear = PatchedModels.attentionOnly(2, Normalization.NONE);
    DifferentiableMetric any = PatchedModels.linear(linear, 2, 6, 3L);
    int[][] a = PatchedModels.tokens(linear, 2, 6, 1L);
    int[][] b = PatchedModels.tokens(linear, 2, 6, 2L);
    PatchAgreement agreement =
        AttributionPatching.of(linear, a, b, any)
            .compare(Site.RESID_POST, PatchAxis.LAYER, PatchAxis.POS);
    for (int pos = 0; pos < 6; pos++) {
      assertThat(agreement.estimated().at(1, pos))
          .isCloseTo(agreement.real().at(1, pos), within(1e-5));
    }
    assertThat(agreement.toJson().has("correlation")).isTrue();
  }

  @Test
  @DisplayName("a grid that agrees with itself has correlation 1 and error 0")
  void self() {
    PatchGrid grid =
        ActivationPatching.of(model, clean, corrupted, metric)
            .sweep(Site.Z, PatchAxis.LAYER, PatchAxis.HEAD);
    PatchAgreement same = new PatchAgreement(grid, grid);
    assertThat(same.correlation()).isCloseTo(1, within(1e-12));
    assertThat(same.relativeError()).isZero();
    PatchGrid other =
        ActivationPatching.of(model, clean, corrupted, metric).sweep(Site.Z, PatchAxis.LAYER);
    assertThatThrownBy(() -> new PatchAgreement(grid, other))
        .hasMessageContaining("cannot compare");
  }

  @Test
  @DisplayName("batches of different shapes and metrics that are not numbers are refused")
  void badInput() {
    int[][] shorter = PatchedModels.tokens(model, 2, 5, 2L);
    assertThatThrownBy(() -> AttributionPatching.of(model, clean, shorter, metric))
        .hasMessageContaining("clean is [2, 6], corrupted is [2, 5]");
    DifferentiableMetric nan = Metrics.linear(Nd4j.valueArrayOf(new long[] {2, 6, 13}, Float.NaN));
    assertThatThrownBy(
            () ->
                AttributionPatching.of(model, clean, corrupted, nan).sweep(Site.Z, PatchAxis.LAYER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  @DisplayName("a metric without a gradient is refused")
  void noGradient() {
    PatchPair pair = new PatchPair(model, clean, corrupted, logits -> 0);
    assertThatThrownBy(() -> new AttributionPatching(pair, PatchDirection.NOISING))
        .hasMessageContaining("has no gradient");
  }

  private double error(Site site, DifferentiableMetric of, PatchGrid estimate, double strength) {
    double[] real =
        ActivationPatching.of(model, clean, corrupted, of)
            .withStrength(strength)
            .sweep(site, PatchAxis.LAYER)
            .effects();
    double[] estimated = estimate.effects();
    double worst = 0;
    for (int i = 0; i < real.length; i++) {
      worst = Math.max(worst, Math.abs(real[i] - strength * estimated[i]));
    }
    return worst;
  }

  private static double largest(PatchGrid grid) {
    double largest = 0;
    for (double effect : grid.effects()) {
      largest = Math.max(largest, Math.abs(effect));
    }
    return largest;
  }
}
