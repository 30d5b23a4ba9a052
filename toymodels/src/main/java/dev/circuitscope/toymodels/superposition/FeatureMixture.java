package dev.circuitscope.toymodels.superposition;

import java.util.ArrayList;
import java.util.List;

/**
 * Disjoint groups of neighbouring features, each with a distribution of its own, independent of the
 * others.
 *
 * <pre>{@code
 * // features 0 to 3 in two correlated pairs, features 4 to 9 independent and half as frequent
 * FeatureMixture mixture =
 *     FeatureMixture.of(4, new CorrelatedSets(2)).and(6, 0.5, IndependentFeatures.EQUAL);
 * }</pre>
 *
 * @param groups in the order of their features
 */
public record FeatureMixture(List<Group> groups) implements FeatureDistribution, BlockDistribution {

  /**
   * Some neighbouring features.
   *
   * @param features how many; at least 1
   * @param factor of the instance's feature probability; positive
   * @param distribution of these
   */
  public record Group(int features, double factor, FeatureDistribution distribution) {

    /**
     * Checks every component.
     *
     * @param features how many
     * @param factor of the instance's feature probability
     * @param distribution of these
     * @throws IllegalArgumentException naming the component and its value, if one is out of range
     */
    public Group {
      if (features < 1 || !(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            ("a group needs at least 1 feature and a positive probability factor, "
                    + "was %d features, factor %s")
                .formatted(features, factor));
      }
      if (distribution == null) {
        throw new IllegalArgumentException("a group needs a distribution, was null");
      }
    }
  }

  /**
   * Copies the groups.
   *
   * @param groups in the order of their features
   */
  public FeatureMixture {
    groups = List.copyOf(groups);
  }

  /**
   * The first group.
   *
   * @param features how many
   * @param distribution of these
   * @return a mixture to be continued
   * @throws IllegalArgumentException if there is no feature
   */
  public static FeatureMixture of(int features, FeatureDistribution distribution) {
    return new FeatureMixture(List.of()).and(features, distribution);
  }

  /**
   * These groups and one more.
   *
   * @param features how many
   * @param distribution of these
   * @return a longer mixture
   * @throws IllegalArgumentException if there is no feature
   */
  public FeatureMixture and(int features, FeatureDistribution distribution) {
    return and(features, 1, distribution);
  }

  /**
   * These groups and one more, with a feature probability of its own.
   *
   * @param features how many
   * @param factor of the instance's feature probability; positive
   * @param distribution of these
   * @return a longer mixture
   * @throws IllegalArgumentException if there is no feature, or the factor is not positive
   */
  public FeatureMixture and(int features, double factor, FeatureDistribution distribution) {
    List<Group> more = new ArrayList<>(groups);
    more.add(new Group(features, factor, distribution));
    return new FeatureMixture(more);
  }

  @Override
  public void sample(double p, SampleRandom random, float[] x) {
    int from = 0;
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      float[] part = new float[group.features()];
      group.distribution().sample(p * group.factor(), random.group(g), part);
      System.arraycopy(part, 0, x, from, part.length);
      from += part.length;
    }
  }

  @Override
  public void fill(double p, SampleBlock to) {
    int from = 0;
    for (int g = 0; g < groups.size(); g++) {
      Group group = groups.get(g);
      BlockDistribution.of(group.distribution())
          .fill(p * group.factor(), to.group(g, from, group.features()));
      from += group.features();
    }
  }

  @Override
  public void requireFits(int features, double p) {
    int total = groups.stream().mapToInt(Group::features).sum();
    if (total != features) {
      throw new IllegalArgumentException(
          "%d features need groups of as many together, but these have %d"
              .formatted(features, total));
    }
    for (Group group : groups) {
      double own = p * group.factor();
      if (own > 1) {
        throw new IllegalArgumentException(
            "feature probability %s times a group's factor %s is above 1; lower either"
                .formatted(p, group.factor()));
      }
      group.distribution().requireFits(group.features(), own);
    }
  }
}
