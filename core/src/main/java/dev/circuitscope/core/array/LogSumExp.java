package dev.circuitscope.core.array;

/**
 * log sum_i exp(x_i), what logits have to be less for their exponentials to be probabilities. The
 * largest is taken out first, so that nothing overflows.
 */
public final class LogSumExp {

  private static final Kernels KERNELS = Kernels.best();

  /** Of {@link Scratch}; few callers use the last. */
  private static final int SLOT = 3;

  private LogSumExp() {}

  /**
   * In float64.
   *
   * @param x the elements, not modified
   * @param from where they start
   * @param n how many
   * @return log sum exp; negative infinity if there is none
   */
  public static double of(double[] x, int from, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = from; i < from + n; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += Math.exp(x[i] - max);
    }
    return max + Math.log(sum);
  }

  /**
   * By the {@link Kernels}, to some 1e-6.
   *
   * @param x the elements, not modified
   * @param from where they start
   * @param n how many
   * @return log sum exp; negative infinity if there is none
   */
  public static double of(float[] x, int from, int n) {
    float[] copy = Scratch.tile(SLOT, n);
    System.arraycopy(x, from, copy, 0, n);
    float max = KERNELS.max(copy, 0, n);
    return max + Math.log(KERNELS.expSum(copy, 0, n, max));
  }
}
