package dev.circuitscope.core.text;

import java.util.Arrays;

/**
 * The stationary distribution of a Markov chain by state reduction (Grassmann, Taksar and Heyman,
 * Regenerative Analysis and Steady State Distributions for Markov Chains, 1985). It subtracts
 * nothing, so every probability is exact to a few units in its last place.
 */
final class StationaryDistribution {

  private StationaryDistribution() {}

  /** pi with pi P = pi; refuses chains that are empty or reducible. */
  static double[] of(double[][] transitions) {
    int n = transitions.length;
    if (n == 0) {
      throw new IllegalArgumentException("Markov chain: it has no tokens; give at least 1");
    }
    double[][] p = Arrays.stream(transitions).map(double[]::clone).toArray(double[][]::new);
    for (int k = n - 1; k > 0; k--) {
      double leaving = 0;
      for (int j = 0; j < k; j++) {
        leaving += p[k][j];
      }
      if (!(leaving > 0)) {
        throw reducible(k);
      }
      // The chain watched only while in states below k: p_ij + p_ik p_kj / sum_j p_kj
      for (int i = 0; i < k; i++) {
        p[i][k] /= leaving;
        for (int j = 0; j < k; j++) {
          p[i][j] += p[i][k] * p[k][j];
        }
      }
    }
    double[] pi = new double[n];
    pi[0] = 1;
    double sum = 1;
    for (int k = 1; k < n; k++) {
      for (int i = 0; i < k; i++) {
        pi[k] += pi[i] * p[i][k];
      }
      if (!(pi[k] > 0)) {
        throw reducible(k);
      }
      sum += pi[k];
    }
    for (int k = 0; k < n; k++) {
      pi[k] /= sum;
    }
    return pi;
  }

  private static IllegalArgumentException reducible(int state) {
    return new IllegalArgumentException(
        "Markov chain: token %d is cut off from others; every token must be reachable from every other (a larger concentration makes it so)"
            .formatted(state));
  }
}
