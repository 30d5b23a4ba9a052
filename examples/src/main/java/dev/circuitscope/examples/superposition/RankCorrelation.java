package dev.circuitscope.examples.superposition;

/** Spearman's rank correlation: how far one number rises with another, on whatever scales. */
public final class RankCorrelation {

  private RankCorrelation() {}

  /**
   * Of pairs of numbers. Equal numbers share the mean of their ranks.
   *
   * @param x one number of each pair
   * @param y the other, as many
   * @return from -1 to 1; 1 if one rises with the other; NaN if all x or all y are equal
   * @throws IllegalArgumentException if there are not as many x as y
   */
  public static double of(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "a rank correlation is of pairs, but there are %d and %d numbers"
              .formatted(x.length, y.length));
    }
    double[] a = centredRanks(x);
    double[] b = centredRanks(y);
    return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  }

  /** Ranks less their mean: half of how many numbers are smaller less half of how many larger. */
  private static double[] centredRanks(double[] x) {
    double[] ranks = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      for (double other : x) {
        ranks[i] += 0.5 * Integer.signum(Double.compare(x[i], other));
      }
    }
    return ranks;
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
