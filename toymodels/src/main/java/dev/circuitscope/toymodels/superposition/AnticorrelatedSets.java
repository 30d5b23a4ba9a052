package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import java.util.Arrays;

/**
 * Anticorrelated features: each set of neighbours is empty with probability 1 - p; otherwise
 * exactly one member, each equally likely, is active, with a value uniform on [0, 1]. A single
 * feature is therefore active with probability p / setSize.
 *
 * @param setSize members of a set: features 0 to {@code setSize - 1}, and so on
 */
public record AnticorrelatedSets(int setSize) implements FeatureDistribution, BlockDistribution {

  /**
   * Checks the size.
   *
   * @param setSize members of a set
   * @throws IllegalArgumentException if it is less than 1
   */
  public AnticorrelatedSets {
    FeatureSets.requireSize(setSize);
  }

  @Override
  public void sample(double p, SampleRandom random, float[] x) {
    for (int set = 0; set < x.length; set += setSize) {
      float value = random.sparse(set, p);
      if (value > 0) {
        x[set + member(random.uniform(x.length + set))] = value;
      }
    }
  }

  @Override
  public void fill(double p, SampleBlock to) {
    float[] x = to.values();
    for (int set = 0; set < to.features(); set += setSize) {
      to.sparse(set, p);
      int active = to.at(set);
      Arrays.fill(x, active + Block.WIDTH, active + setSize * Block.WIDTH, 0f);
      for (int s = 0; s < Block.WIDTH; s++) {
        float value = x[active + s];
        if (value > 0) {
          int member = member(to.random(s).uniform(to.features() + set));
          x[active + s] = 0f;
          x[active + member * Block.WIDTH + s] = value;
        }
      }
    }
  }

  private int member(float u) {
    return Math.min(setSize - 1, (int) (u * setSize));
  }

  @Override
  public void requireFits(int features, double p) {
    FeatureSets.requireWholeSets(features, setSize);
  }
}
