package dev.circuitscope.toymodels.theory;

/**
 * The building blocks of the theoretical phase diagrams: what it costs to ignore a feature and to
 * put two into one dimension ("Toy Models of Superposition", Elhage et al., 2022, section
 * "Superposition as a Phase Change"). Losses are sums over features, expected over samples.
 */
public final class PhaseLosses {

  private PhaseLosses() {}

  /**
   * The loss of a feature that is not represented, with the best bias p/2: its variance.
   *
   * @param p feature probability, in [0, 1]
   * @param importance of the feature
   * @return I (p/3 - p^2/4)
   * @throws IllegalArgumentException if p is out of range
   */
  public static double ignored(double p, double importance) {
    Binomials.require("ignored", p);
    return importance * LinearLoss.variance(p);
  }

  /**
   * The loss of two features stored as 1 and -1 in one dimension, without bias: 0 unless both are
   * active; then each output is wrong by the smaller of the two inputs, whose mean square is 1/6.
   *
   * @param p feature probability, in [0, 1]
   * @param importance of one feature
   * @param otherImportance of the other
   * @return (I + I') p^2 / 6
   * @throws IllegalArgumentException if p is out of range
   */
  public static double antipodalPair(double p, double importance, double otherImportance) {
    Binomials.require("antipodalPair", p);
    // The larger input's output is x - min, the smaller one's is 0 instead of min.
    return (importance + otherImportance) * p * p / 6;
  }
}
