package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.GradientRun;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attribution patching: what every patch would do to first order, from one run forward and backward
 * and one forward, whatever the number of patches. Of a patch that moves activations x of the run
 * to x' it says {@code metric + <gradient at x, x' - x>}.
 *
 * <pre>{@code
 * var attribution = AttributionPatching.of(model, clean, corrupted, metric);
 * PatchGrid estimate = attribution.sweep(Site.Z, PatchAxis.LAYER, PatchAxis.POS, PatchAxis.HEAD);
 * PatchAgreement agreement = attribution.compare(Site.Z, PatchAxis.LAYER, PatchAxis.HEAD);
 * }</pre>
 *
 * @param pair the two batches; its metric has a gradient
 * @param direction at which run the gradient is taken
 */
public record AttributionPatching(PatchPair pair, PatchDirection direction) {

  /**
   * Checks that the metric has a gradient.
   *
   * @param pair the two batches and the metric
   * @param direction at which run the gradient is taken
   * @throws IllegalArgumentException if the metric has none
   */
  public AttributionPatching {
    if (!(pair.metric() instanceof DifferentiableMetric)) {
      throw new IllegalArgumentException(
          "attribution patching: the metric '%s' has no gradient; give a DifferentiableMetric"
              .formatted(pair.metric().label()));
    }
  }

  /**
   * Prepares to estimate what clean activations do in corrupted runs.
   *
   * @param model to run
   * @param clean [batch, pos]
   * @param corrupted [batch, pos], of the same shape
   * @param metric what to measure
   * @return estimates for denoising
   * @throws IllegalArgumentException if the batches' shapes differ
   */
  public static AttributionPatching of(
      Transformer model, int[][] clean, int[][] corrupted, DifferentiableMetric metric) {
    PatchPair pair = new PatchPair(model, clean, corrupted, metric);
    return new AttributionPatching(pair, PatchDirection.DENOISING);
  }

  /**
   * The same with corrupted activations in the clean run.
   *
   * @return estimates for noising
   */
  public AttributionPatching noising() {
    return new AttributionPatching(pair, PatchDirection.NOISING);
  }

  /**
   * Estimates one patch after the other.
   *
   * @param site which activations
   * @param axes what to go along, as for {@link ActivationPatching#sweep}
   * @return the metric of every patch, to first order
   * @throws IllegalArgumentException if the model has no such site, the site no such axis, or the
   *     metric is NaN
   */
  public PatchGrid sweep(Site site, PatchAxis... axes) {
    PatchPlan plan = PatchPlan.of(pair.model().config(), pair.length(), site, axes);
    Capture capture = Capture.matching(p -> p.site() == site);
    DifferentiableMetric metric = (DifferentiableMetric) pair.metric();
    GradientRun base =
        pair.model().runWithGradients(pair.base(direction), metric, capture, Hooks.none());
    double[] values = new double[plan.patches().size()];
    try (Run source = pair.model().runWithCache(pair.source(direction), capture, Hooks.none())) {
      double[][] firstOrder = firstOrder(site, base, source);
      for (int i = 0; i < values.length; i++) {
        values[i] = base.loss() + sum(plan.patches().get(i), site, base, firstOrder);
      }
    }
    base.cache().close();
    base.gradients().close();
    return pair.grid(plan, values, direction, true);
  }

  /**
   * Estimates patches and makes them.
   *
   * @param site which activations
   * @param axes what to go along, as for {@link ActivationPatching#sweep}
   * @return both, and how far they agree
   * @throws IllegalArgumentException as for {@link #sweep}
   */
  public PatchAgreement compare(Site site, PatchAxis... axes) {
    return new PatchAgreement(
        sweep(site, axes), new ActivationPatching(pair, direction, 1).sweep(site, axes));
  }

  /** gradient (x' - x), element by element, of each layer. */
  private double[][] firstOrder(Site site, GradientRun base, Run source) {
    double[][] products = new double[pair.model().config().nLayers()][];
    for (int layer = 0; layer < products.length; layer++) {
      HookPoint point = new HookPoint(site, layer);
      float[] x = FlatFloats.copy(base.cache().get(point));
      float[] g = FlatFloats.copy(base.gradients().get(point));
      float[] y = FlatFloats.copy(source.cache().get(point));
      products[layer] = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        // masked scores are negative infinity in both runs, and nothing depends on them
        products[layer][i] = x[i] == y[i] ? 0 : (double) g[i] * ((double) y[i] - x[i]);
      }
    }
    return products;
  }

  private double sum(PatchPlan.Patch patch, Site site, GradientRun base, double[][] products) {
    int first = Math.max(0, patch.layer());
    int end = patch.layer() < 0 ? products.length : first + 1;
    double[] sum = {0};
    for (int layer = first; layer < end; layer++) {
      HookPoint point = new HookPoint(site, layer);
      INDArray shaped = base.cache().get(point);
      double[] of = products[layer];
      int width = of.length / pair.batch();
      for (int b = 0; b < pair.batch(); b++) {
        int start = b * width;
        patch
            .region()
            .forEachRun(
                point,
                shaped.shape(),
                (at, n) -> {
                  for (int i = start + at; i < start + at + n; i++) {
                    sum[0] += of[i];
                  }
                });
      }
    }
    return sum[0];
  }
}
