package dev.circuitscope.core.array;

/**
 * The inner loops that the Java compiler does not vectorise by itself: reductions and the
 * exponential, on tiles held in {@code float[]}.
 *
 * <p>Two implementations: a plain one, and one on {@code jdk.incubator.vector} that is chosen at
 * start-up when the JVM runs with {@code --add-modules jdk.incubator.vector}. Both agree to 1e-6
 * relative. The system property {@code circuitscope.kernels=plain} forces the plain one.
 *
 * <p>Element-wise loops need no kernel: HotSpot vectorises them as they stand.
 */
public interface Kernels {

  /**
   * The fastest implementation that this JVM can run.
   *
   * @return one instance for the life of the JVM
   */
  static Kernels best() {
    return KernelChoice.BEST;
  }

  /**
   * The implementation without vector instructions.
   *
   * @return one instance for the life of the JVM
   */
  static Kernels plain() {
    return KernelChoice.PLAIN;
  }

  /**
   * sum_i a[aFrom + i] * b[bFrom + i].
   *
   * @param a first factor, not modified
   * @param aFrom where it starts
   * @param b second factor, not modified
   * @param bFrom where it starts
   * @param n the number of elements, possibly 0
   * @return the dot product
   */
  float dot(float[] a, int aFrom, float[] b, int bFrom, int n);

  /**
   * The sum of n elements.
   *
   * @param x the elements, not modified
   * @param from where they start
   * @param n how many, possibly 0
   * @return the sum
   */
  float sum(float[] x, int from, int n);

  /**
   * The largest of n elements.
   *
   * @param x the elements, not modified
   * @param from where they start
   * @param n how many
   * @return the maximum, or negative infinity when n is 0; NaN is not looked for
   */
  float max(float[] x, int from, int n);

  /**
   * Replaces x by exp(x - shift) and sums: what a softmax needs. Elements more than 87 below the
   * shift become 0.
   *
   * @param x the elements, overwritten
   * @param from where they start
   * @param n how many, possibly 0
   * @param shift subtracted first; at least the maximum, so that nothing overflows
   * @return the sum of the new elements
   */
  float expSum(float[] x, int from, int n, float shift);

  /**
   * Replaces x by 1 / (1 + exp(-x)).
   *
   * @param x the elements, overwritten
   * @param from where they start
   * @param n how many, possibly 0
   */
  void sigmoid(float[] x, int from, int n);

  /**
   * Replaces x by x Phi(x), Phi the integral of the standard normal distribution.
   *
   * @param x the elements, overwritten
   * @param from where they start
   * @param n how many, possibly 0
   */
  void gelu(float[] x, int from, int n);

  /**
   * Multiplies dy by the slope of gelu, Phi(x) + x phi(x).
   *
   * @param x where the slope is taken, not modified
   * @param dy the elements, overwritten
   * @param from where both start
   * @param n how many, possibly 0
   */
  void geluGradient(float[] x, float[] dy, int from, int n);

  /**
   * A name for logs and benchmark reports.
   *
   * @return for example {@code "vector, 16 floats"}
   */
  String description();
}
