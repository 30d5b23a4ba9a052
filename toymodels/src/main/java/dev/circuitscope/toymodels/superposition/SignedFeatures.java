package dev.circuitscope.toymodels.superposition;

/**
 * The active features of another distribution taken from [0, 1] to [-1, 1], by 2x - 1; zeros
 * remain. What is uniform on the one is uniform on the other.
 *
 * @param unsigned with values from 0 to 1
 */
public record SignedFeatures(FeatureDistribution unsigned)
    implements FeatureDistribution, BlockDistribution {

  /** Independent features uniform on [-1, 1] when active: the data of computing |x|. */
  public static final SignedFeatures INDEPENDENT = new SignedFeatures(IndependentFeatures.EQUAL);

  @Override
  public void sample(double p, SampleRandom random, float[] x) {
    unsigned.sample(p, random, x);
    for (int i = 0; i < x.length; i++) {
      x[i] = signed(x[i]);
    }
  }

  @Override
  public void fill(double p, SampleBlock to) {
    BlockDistribution.of(unsigned).fill(p, to);
    float[] x = to.values();
    for (int s = to.at(0); s < to.at(to.features()); s++) {
      x[s] = signed(x[s]);
    }
  }

  /** 2x - 1 if x is not 0, in arithmetic that compilers turn into vector instructions. */
  private static float signed(float value) {
    return 2 * value - Math.min(1f, value * Float.MAX_VALUE);
  }

  @Override
  public void requireFits(int features, double p) {
    unsigned.requireFits(features, p);
  }

  @Override
  public FeatureDistribution signed() {
    return this;
  }
}
