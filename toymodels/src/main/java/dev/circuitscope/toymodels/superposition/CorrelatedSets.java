package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;

/**
 * Correlated features: each set of neighbours is zero as a whole with probability 1 - p; otherwise
 * all its members are active, with independent values uniform on [0, 1].
 *
 * @param setSize members of a set: features 0 to {@code setSize - 1}, and so on
 */
public record CorrelatedSets(int setSize) implements FeatureDistribution, BlockDistribution {

  /**
   * Checks the size.
   *
   * @param setSize members of a set
   * @throws IllegalArgumentException if it is less than 1
   */
  public CorrelatedSets {
    FeatureSets.requireSize(setSize);
  }

  @Override
  public void sample(double p, SampleRandom random, float[] x) {
    for (int set = 0; set < x.length; set += setSize) {
      // The first member's own zeros are the set's.
      x[set] = random.sparse(set, p);
      for (int i = set + 1; i < set + setSize; i++) {
        x[i] = x[set] > 0 ? random.sparse(i, 1) : 0f;
      }
    }
  }

  @Override
  public void fill(double p, SampleBlock to) {
    float[] x = to.values();
    for (int set = 0; set < to.features(); set += setSize) {
      to.sparse(set, p);
      int gate = to.at(set);
      for (int i = set + 1; i < set + setSize; i++) {
        to.sparse(i, 1);
        int at = to.at(i);
        for (int s = 0; s < Block.WIDTH; s++) {
          x[at + s] = x[gate + s] > 0 ? x[at + s] : 0f;
        }
      }
    }
  }

  @Override
  public void requireFits(int features, double p) {
    FeatureSets.requireWholeSets(features, setSize);
  }
}
