package dev.circuitscope.toymodels.superposition;

import java.util.ArrayList;
import java.util.List;

/**
 * Independent features: x_i is 0 with probability 1 - p_i, else uniform on [0, 1], where p_i is the
 * instance's feature probability times the feature's own factor.
 *
 * @param factors of the features, positive; empty for all 1
 */
public record IndependentFeatures(List<Double> factors)
    implements FeatureDistribution, BlockDistribution {

  /** Every feature has the instance's feature probability. */
  public static final IndependentFeatures EQUAL = new IndependentFeatures(List.of());

  /**
   * Checks the factors.
   *
   * @param factors of the features, positive; empty for all 1
   * @throws IllegalArgumentException if one is not positive and finite
   */
  public IndependentFeatures {
    factors = List.copyOf(factors);
    for (double factor : factors) {
      if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a feature's probability factor must be positive and finite, was " + factor);
      }
    }
  }

  /**
   * A factor for every feature. With an instance's feature probability of 1 they are the features'
   * probabilities themselves.
   *
   * @param factors one per feature, positive
   * @return independent features
   * @throws IllegalArgumentException if one is not positive and finite
   */
  public static IndependentFeatures of(double... factors) {
    List<Double> list = new ArrayList<>();
    for (double factor : factors) {
      list.add(factor);
    }
    return new IndependentFeatures(list);
  }

  @Override
  public void sample(double p, SampleRandom random, float[] x) {
    for (int i = 0; i < x.length; i++) {
      x[i] = random.sparse(i, probability(p, i));
    }
  }

  @Override
  public void fill(double p, SampleBlock to) {
    for (int i = 0; i < to.features(); i++) {
      to.sparse(i, probability(p, i));
    }
  }

  private double probability(double p, int feature) {
    return factors.isEmpty() ? p : p * factors.get(feature);
  }

  @Override
  public void requireFits(int features, double p) {
    if (!factors.isEmpty() && factors.size() != features) {
      throw new IllegalArgumentException(
          "%d features need as many probability factors, or none, but there are %d"
              .formatted(features, factors.size()));
    }
    for (double factor : factors) {
      if (p * factor > 1) {
        throw new IllegalArgumentException(
            "feature probability %s times factor %s is above 1; lower either".formatted(p, factor));
      }
    }
  }
}
