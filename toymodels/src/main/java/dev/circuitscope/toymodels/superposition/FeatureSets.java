package dev.circuitscope.toymodels.superposition;

/** What is asked of features that come in sets of neighbours. */
final class FeatureSets {

  private FeatureSets() {}

  static void requireSize(int setSize) {
    if (setSize < 1) {
      throw new IllegalArgumentException("a set has at least 1 feature, was " + setSize);
    }
  }

  static void requireWholeSets(int features, int setSize) {
    if (features % setSize != 0) {
      throw new IllegalArgumentException(
          "%d features cannot be cut into sets of %d; use a FeatureMixture for the rest"
              .formatted(features, setSize));
    }
  }
}
