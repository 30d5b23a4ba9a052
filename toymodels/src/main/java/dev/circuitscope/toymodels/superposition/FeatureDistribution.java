package dev.circuitscope.toymodels.superposition;

/**
 * How the features of a sample are distributed: which are zero together, and what the others are.
 *
 * <p>A sample is a pure function of the random numbers it is given, so the same training sees the
 * same samples whatever the number of threads. Ready-made are {@link IndependentFeatures}, {@link
 * CorrelatedSets}, {@link AnticorrelatedSets}, {@link FeatureMixture} of groups of these, and
 * {@link SignedFeatures} for values of both signs. Any other is a method of one's own:
 *
 * <pre>{@code
 * // every feature is a quarter as likely as the one before it
 * FeatureDistribution falling =
 *     (p, random, x) -> {
 *       for (int i = 0; i < x.length; i++) {
 *         x[i] = random.sparse(i, p * Math.pow(0.25, i));
 *       }
 *     };
 * ToyConfig config = ToyConfig.builder(5, 2).distribution(falling).build();
 * }</pre>
 */
@FunctionalInterface
public interface FeatureDistribution {

  /**
   * Draws one sample. Called by many threads at once.
   *
   * @param p the instance's feature probability, in (0, 1]
   * @param random the random numbers of this sample
   * @param x [features], all zeros; set to the sample
   */
  void sample(double p, SampleRandom random, float[] x);

  /**
   * Checks that this distribution can draw samples of a size.
   *
   * @param features the length of a sample
   * @param p a feature probability, in (0, 1]
   * @throws IllegalArgumentException saying what does not fit, if it cannot
   */
  default void requireFits(int features, double p) {}

  /**
   * This distribution with active features uniform on [-1, 1] instead of [0, 1].
   *
   * @return values of both signs
   */
  default FeatureDistribution signed() {
    return new SignedFeatures(this);
  }
}
