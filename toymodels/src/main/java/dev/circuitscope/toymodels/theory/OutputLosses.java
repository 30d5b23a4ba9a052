package dev.circuitscope.toymodels.theory;

import java.util.Arrays;

/**
 * The squared error of one ReLU output j, summed over all sets of k active features, for every k:
 * sum_{|A| = k} E (x_j [j in A] - ReLU(b + sum_{i in A} g_i x_i))^2.
 *
 * <p>Features that do not reach the output (g_i = 0, i not j) make no difference to it, so only the
 * others are enumerated, and the sets are counted that have the same of them.
 */
final class OutputLosses {

  /** 3^13 states: 38 MB. */
  private static final int MOST_AT_ONCE = 13;

  private final int features;
  private final double bias;
  private final double[] slopes;
  private final int[] reachedBy;
  private final int self;

  /**
   * @param j the output
   * @param gramRow W_j . W_i for every i
   * @param bias b_j
   */
  OutputLosses(int j, double[] gramRow, double bias) {
    this.features = gramRow.length;
    this.bias = bias;
    double[] reaching = new double[features];
    int[] from = new int[features];
    int count = 0;
    int at = -1;
    for (int i = 0; i < features; i++) {
      if (i == j) {
        at = count;
      }
      if (i == j || gramRow[i] != 0) {
        from[count] = i;
        reaching[count++] = gramRow[i];
      }
    }
    this.slopes = Arrays.copyOf(reaching, count);
    this.reachedBy = Arrays.copyOf(from, count);
    this.self = at;
  }

  /** Roughly the number of additions that {@link #bySize} takes. */
  double cost(int order) {
    return Math.min(costAtOnce(), costOneByOne(order));
  }

  private double costAtOnce() {
    int k = slopes.length;
    return k > MOST_AT_ONCE ? Double.POSITIVE_INFINITY : Math.pow(3, k) * (k + 1);
  }

  private double costOneByOne(int order) {
    double sum = 0;
    for (int k = 0; k <= Math.min(order, slopes.length); k++) {
      sum +=
          k > MOST_AT_ONCE
              ? Double.POSITIVE_INFINITY
              : Binomials.choose(slopes.length, k) * Math.pow(3, k) * (k + 1);
    }
    return sum;
  }

  /** The sums for k = 0 to {@code order}. */
  double[] bySize(int order) {
    double[] reaching = costAtOnce() <= costOneByOne(order) ? atOnce() : oneByOne(order);
    double[] sums = new double[order + 1];
    for (int k = 0; k <= order; k++) {
      for (int used = 0; used <= Math.min(k, reaching.length - 1); used++) {
        sums[k] += Binomials.choose(features - slopes.length, k - used) * reaching[used];
      }
    }
    return sums;
  }

  private double[] atOnce() {
    int count = slopes.length;
    CubeIntegrals integrals = new CubeIntegrals(count);
    integrals.integrate(bias, slopes, count, self);
    double[] sums = new double[count + 1];
    for (int set = 0; set < 1 << count; set++) {
      boolean active = (set >> self & 1) == 1;
      sums[Integer.bitCount(set)] += loss(integrals, integrals.free(set), active);
    }
    return sums;
  }

  /** The expected squared error if feature i is active with probability p_i, independently. */
  double expected(double[] p) {
    int count = slopes.length;
    CubeIntegrals integrals = new CubeIntegrals(count);
    integrals.integrate(bias, slopes, count, self);
    double sum = 0;
    for (int set = 0; set < 1 << count; set++) {
      double probability = 1;
      for (int i = 0; i < count; i++) {
        double its = p[reachedBy[i]];
        probability *= (set >> i & 1) == 1 ? its : 1 - its;
      }
      boolean active = (set >> self & 1) == 1;
      sum += probability * loss(integrals, integrals.free(set), active);
    }
    return sum;
  }

  private double[] oneByOne(int order) {
    int most = Math.min(order, slopes.length);
    double[] sums = new double[most + 1];
    choose(new CubeIntegrals(most), new double[most], 0, 0, -1, sums);
    return sums;
  }

  /** Adds the set chosen so far and all that extend it by features from {@code next} on. */
  private void choose(
      CubeIntegrals integrals, double[] chosen, int size, int next, int selfAt, double[] sums) {
    integrals.integrateFree(bias, chosen, size, selfAt);
    sums[size] += loss(integrals, integrals.free((1 << size) - 1), selfAt >= 0);
    if (size < chosen.length) {
      for (int i = next; i < slopes.length; i++) {
        chosen[size] = slopes[i];
        choose(integrals, chosen, size + 1, i + 1, i == self ? size : selfAt, sums);
      }
    }
  }

  static double loss(CubeIntegrals integrals, int state, boolean active) {
    // E (x - z_+)^2 = E x^2 - 2 E x z_+ + E z_+^2
    double square = integrals.squaredRelu(state);
    return active ? Math.max(0, 1 / 3.0 - 2 * integrals.selfTimesRelu(state) + square) : square;
  }
}
