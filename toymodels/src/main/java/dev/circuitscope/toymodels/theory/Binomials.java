package dev.circuitscope.toymodels.theory;

/** Binomial coefficients and probabilities. */
final class Binomials {

  private Binomials() {}

  /** C(n, k), exact below 2^53; 0 outside the triangle. */
  static double choose(int n, int k) {
    if (k < 0 || k > n) {
      return 0;
    }
    double value = 1;
    for (int i = 1; i <= Math.min(k, n - k); i++) {
      value = value * (n - i + 1) / i;
    }
    return value;
  }

  /** p^k (1 - p)^(n - k). */
  static double probability(int n, int k, double p) {
    return Math.pow(p, k) * Math.pow(1 - p, n - k);
  }

  /** Refuses what is not a feature probability. */
  static void require(String operation, double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new IllegalArgumentException(
          operation + " needs a feature probability (1 - sparsity) in [0, 1], was " + p);
    }
  }
}
