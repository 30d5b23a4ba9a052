package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Transformer;

/**
 * Activation patching: what a metric becomes when one run's activations take the place of
 * another's, part after part (as TransformerLens's {@code patching} module does it).
 *
 * <pre>{@code
 * var patching = ActivationPatching.of(model, clean, corrupted, metric);
 * PatchGrid heads     = patching.sweep(Site.Z, PatchAxis.LAYER, PatchAxis.POS, PatchAxis.HEAD);
 * PatchGrid residuals = patching.sweep(Site.RESID_PRE, PatchAxis.LAYER, PatchAxis.POS);
 * PatchGrid patterns  = patching.noising().sweep(Site.PATTERN, PatchAxis.LAYER, PatchAxis.HEAD);
 * heads.normalized(1, 5, 3);                            // 0 as corrupted, 1 as clean
 * }</pre>
 *
 * <p>Any site inside blocks can be swept along the axes that it has; along the axes that are not
 * named, everything is patched at once, without {@link PatchAxis#LAYER} in all layers. The patches
 * of a layer start from the residual stream before it, many in one run; in a causal model they
 * start from the first position that they change, with the keys and values of those before it; and
 * only positions that they change and the metric reads are unembedded. Values are, bit for bit,
 * those of one plain run for each patch; of patches at {@link Site#RESULT} but for rounding, since
 * a hook there makes a run sum the heads of all positions one by one.
 *
 * @param pair the two batches, and the metric
 * @param direction which run is changed
 * @param strength how far the changed run's values are moved towards those of the other, 1 for all
 *     the way
 */
public record ActivationPatching(PatchPair pair, PatchDirection direction, double strength) {

  /**
   * Checks the strength.
   *
   * @param pair the two batches, and the metric
   * @param direction which run is changed
   * @param strength how far values are moved
   * @throws IllegalArgumentException if the strength is not finite
   */
  public ActivationPatching {
    if (!Double.isFinite(strength)) {
      throw new IllegalArgumentException(
          "activation patching: the strength must be finite, was " + strength);
    }
  }

  /**
   * Prepares to patch clean activations into corrupted runs.
   *
   * @param model to run
   * @param clean [batch, pos]
   * @param corrupted [batch, pos], of the same shape
   * @param metric what to measure
   * @return patching that denoises
   * @throws IllegalArgumentException if the batches' shapes differ
   */
  public static ActivationPatching of(
      Transformer model, int[][] clean, int[][] corrupted, Metric metric) {
    PatchPair pair = new PatchPair(model, clean, corrupted, metric);
    return new ActivationPatching(pair, PatchDirection.DENOISING, 1);
  }

  /**
   * The same with corrupted activations in the clean run.
   *
   * @return patching that noises
   */
  public ActivationPatching noising() {
    return new ActivationPatching(pair, PatchDirection.NOISING, strength);
  }

  /**
   * The same with values moved only some way.
   *
   * @param share 0 leaves the run as it is, 1 puts the other run's values in place of its own
   * @return the patching
   * @throws IllegalArgumentException if the share is not finite
   */
  public ActivationPatching withStrength(double share) {
    return new ActivationPatching(pair, direction, share);
  }

  /**
   * Patches one part after the other.
   *
   * @param site which activations
   * @param axes what to go along, in the order of the result's axes; none for one patch of
   *     everything
   * @return the metric of every patch
   * @throws IllegalArgumentException if the model has no such site, the site no such axis, or the
   *     metric is NaN
   */
  public PatchGrid sweep(Site site, PatchAxis... axes) {
    PatchPlan plan = PatchPlan.of(pair.model().config(), pair.length(), site, axes);
    double[] values = SweepRun.values(pair, direction, strength, plan, SweepRun.ROWS);
    return pair.grid(plan, values, direction, false);
  }
}
