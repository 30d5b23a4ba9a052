package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import java.util.Arrays;

/** A distribution that draws whole blocks of samples: the same ones, faster. */
interface BlockDistribution {

  /** Overwrites all the rows of a block. */
  void fill(double p, SampleBlock to);

  /** The distribution itself if it draws blocks, else one that draws its samples one by one. */
  static BlockDistribution of(FeatureDistribution distribution) {
    return distribution instanceof BlockDistribution fast
        ? fast
        : (p, to) -> oneByOne(distribution, p, to);
  }

  /** What {@link #fill} must equal. */
  static void oneByOne(FeatureDistribution distribution, double p, SampleBlock to) {
    float[] x = new float[to.features()];
    for (int s = 0; s < Block.WIDTH; s++) {
      Arrays.fill(x, 0f);
      distribution.sample(p, to.random(s), x);
      for (int i = 0; i < x.length; i++) {
        to.values()[to.at(i) + s] = x[i];
      }
    }
  }
}
