package dev.circuitscope.toymodels.theory;

import java.util.Arrays;

/**
 * Integrals of ReLUs over cubes, in closed form: with z = b + sum_i g_i x_i and every x_i absent
 * (0), fixed at 1, or free in [0, 1],
 *
 * <pre>
 *   F_q = integral of z_+^q / q! over the free x_i,   q = 1, 2
 *   H   = integral of x_s z_+ over the free x_i,      s among them
 * </pre>
 *
 * <p>If z has one sign on the whole cube these are moments of a sum of uniform numbers. If it has
 * both, then z = 0 at some point t of the cube, so z = sum_i g_i (x_i - t_i). Writing z_+^q as z
 * z_+^(q-1) and integrating by parts in each free variable gives, with k of them,
 *
 * <pre>
 *   (q + k) F_q = sum_i (1 - t_i) F_q[x_i = 1] + t_i F_q[x_i = 0]
 *   (k + 2) H   = sum_{i != s} (1 - t_i) H[x_i = 1] + t_i H[x_i = 0]
 *                 + (1 - t_s) F_1[x_s = 1] + t_s F_1
 * </pre>
 *
 * <p>No term is negative and nothing is divided by g, so nothing cancels, however small the slopes.
 * A state is a number with one ternary digit per variable: 0 absent, 1 fixed, 2 free. The right
 * sides have lower numbers than the left ones.
 */
final class CubeIntegrals {

  private static final int FIXED = 1;
  private static final int FREE = 2;

  private final int[] power;
  private final double[] f1;
  private final double[] f2;
  private final double[] h;
  private final int[] digit;
  private final double[] t;
  private double low;
  private double high;

  /**
   * @param capacity most variables of an integral; memory is 24 * 3^capacity bytes
   */
  CubeIntegrals(int capacity) {
    power = new int[capacity + 1];
    power[0] = 1;
    for (int i = 1; i <= capacity; i++) {
      power[i] = Math.multiplyExact(power[i - 1], 3);
    }
    f1 = new double[power[capacity]];
    f2 = new double[power[capacity]];
    h = new double[power[capacity]];
    digit = new int[capacity];
    t = new double[capacity];
  }

  /**
   * Integrates all states.
   *
   * @param b constant part of z
   * @param g slopes, of which the first {@code count} are used
   * @param count variables, at most the capacity
   * @param self s, or -1 if H is not wanted
   */
  void integrate(double b, double[] g, int count, int self) {
    Arrays.fill(digit, 0, count, 0);
    for (int state = 0; state < power[count]; state++) {
      integrate(state, b, g, count, self);
      for (int i = 0; i < count && ++digit[i] > FREE; i++) {
        digit[i] = 0;
      }
    }
  }

  /** Integrates the state in which all variables are free, and others only if it needs them. */
  void integrateFree(double b, double[] g, int count, int self) {
    Arrays.fill(digit, 0, count, FREE);
    if (!integrateIfOneSign(power[count] - 1, b, g, count, self)) {
      integrate(b, g, count, self);
    }
  }

  private boolean integrateIfOneSign(int state, double b, double[] g, int count, int self) {
    low = b;
    high = b;
    for (int i = 0; i < count; i++) {
      if (digit[i] == FIXED) {
        low += g[i];
        high += g[i];
      } else if (digit[i] == FREE) {
        low += Math.min(g[i], 0);
        high += Math.max(g[i], 0);
      }
    }
    if (high <= 0) {
      f1[state] = 0;
      f2[state] = 0;
      h[state] = 0;
    } else if (low >= 0) {
      moments(state, (low + high) / 2, g, count, self);
    }
    return high <= 0 || low >= 0;
  }

  private void integrate(int state, double b, double[] g, int count, int self) {
    if (!integrateIfOneSign(state, b, g, count, self)) {
      recurse(state, -low / (high - low), g, count, self);
    }
  }

  /** z is not negative anywhere: E z = its mean, var z = sum g_i^2 / 12, cov(x_s, z) = g_s / 12. */
  private void moments(int state, double mean, double[] g, int count, int self) {
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += digit[i] == FREE ? g[i] * g[i] : 0;
    }
    f1[state] = mean;
    f2[state] = (mean * mean + squares / 12) / 2;
    if (self >= 0 && digit[self] == FREE) {
      h[state] = mean / 2 + g[self] / 12;
    }
  }

  /**
   * The point t where z = 0 lies {@code along} the diagonal from the lowest corner to the highest.
   */
  private void recurse(int state, double along, double[] g, int count, int self) {
    int free = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sumH = 0;
    for (int i = 0; i < count; i++) {
      if (digit[i] == FREE) {
        free++;
        t[i] = g[i] >= 0 ? along : 1 - along;
        int at1 = state - power[i];
        int at0 = at1 - power[i];
        sum1 += (1 - t[i]) * f1[at1] + t[i] * f1[at0];
        sum2 += (1 - t[i]) * f2[at1] + t[i] * f2[at0];
        sumH += i == self ? 0 : (1 - t[i]) * h[at1] + t[i] * h[at0];
      }
    }
    f1[state] = sum1 / (1 + free);
    f2[state] = sum2 / (2 + free);
    if (self >= 0 && digit[self] == FREE) {
      sumH += (1 - t[self]) * f1[state - power[self]] + t[self] * f1[state];
      h[state] = sumH / (2 + free);
    }
  }

  /**
   * The state in which the variables of a set are free and the others absent.
   *
   * @param set bit i for variable i
   */
  int free(int set) {
    int state = 0;
    for (int i = 0, rest = set; rest != 0; i++, rest >>>= 1) {
      state += (rest & 1) * FREE * power[i];
    }
    return state;
  }

  /** E z_+ in a state that was integrated. */
  double relu(int state) {
    return f1[state];
  }

  /** E z_+^2 in a state that was integrated. */
  double squaredRelu(int state) {
    return 2 * f2[state];
  }

  /** E x_s z_+ in a state that was integrated and in which x_s is free. */
  double selfTimesRelu(int state) {
    return h[state];
  }
}
