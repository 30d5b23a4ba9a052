package dev.circuitscope.core.train;

/**
 * The constants of AdamW (Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019,
 * Algorithm 2).
 *
 * <pre>{@code
 * var optimizer = AdamWConfig.of(1e-3).withBetas(0.9, 0.99).withGradientClipping(1.0);
 * }</pre>
 *
 * @param learningRate alpha, reached after warm-up; the {@link Schedule} multiplies it
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of squared gradients
 * @param eps added to the root of the mean of squares
 * @param weightDecay share of a weight that is taken off per step, times the step's learning rate;
 *     applies to matrices, not to biases and LayerNorm's vectors
 * @param clipNorm the largest norm of the gradient of all parameters together; a longer one is
 *     scaled down to it; infinity for no clipping
 */
public record AdamWConfig(
    double learningRate,
    double beta1,
    double beta2,
    double eps,
    double weightDecay,
    double clipNorm) {

  /**
   * Checks every constant.
   *
   * @param learningRate alpha
   * @param beta1 decay of the mean of gradients
   * @param beta2 decay of the mean of squares
   * @param eps added to the root
   * @param weightDecay share taken off per step
   * @param clipNorm largest norm of the gradient
   * @throws IllegalArgumentException if a constant is outside its range
   */
  public AdamWConfig {
    require(learningRate >= 0 && Double.isFinite(learningRate), "learning rate", learningRate);
    require(beta1 >= 0 && beta1 < 1, "beta1 (from 0 to below 1)", beta1);
    require(beta2 >= 0 && beta2 < 1, "beta2 (from 0 to below 1)", beta2);
    require(eps > 0 && Double.isFinite(eps), "eps (above 0)", eps);
    require(weightDecay >= 0 && Double.isFinite(weightDecay), "weight decay", weightDecay);
    require(clipNorm > 0, "gradient clipping norm (above 0)", clipNorm);
  }

  /**
   * Betas 0.9 and 0.999, eps 1e-8, weight decay 0.01, no clipping.
   *
   * @param learningRate peak learning rate
   * @return the configuration
   */
  public static AdamWConfig of(double learningRate) {
    return new AdamWConfig(learningRate, 0.9, 0.999, 1e-8, 0.01, Double.POSITIVE_INFINITY);
  }

  /**
   * Another pair of decays.
   *
   * @param first beta1, from 0 to below 1
   * @param second beta2, from 0 to below 1
   * @return a new configuration
   */
  public AdamWConfig withBetas(double first, double second) {
    return new AdamWConfig(learningRate, first, second, eps, weightDecay, clipNorm);
  }

  /**
   * Another eps.
   *
   * @param value above 0
   * @return a new configuration
   */
  public AdamWConfig withEps(double value) {
    return new AdamWConfig(learningRate, beta1, beta2, value, weightDecay, clipNorm);
  }

  /**
   * Another weight decay.
   *
   * @param value from 0; 0 makes it Adam
   * @return a new configuration
   */
  public AdamWConfig withWeightDecay(double value) {
    return new AdamWConfig(learningRate, beta1, beta2, eps, value, clipNorm);
  }

  /**
   * Clips the norm of the gradient.
   *
   * @param norm the largest norm, above 0; infinity for no clipping
   * @return a new configuration
   */
  public AdamWConfig withGradientClipping(double norm) {
    return new AdamWConfig(learningRate, beta1, beta2, eps, weightDecay, norm);
  }

  private static void require(boolean holds, String name, double value) {
    if (!holds) {
      throw new IllegalArgumentException("AdamW: " + name + " cannot be " + value);
    }
  }
}
