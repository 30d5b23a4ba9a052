package dev.circuitscope.toymodels.geometry;

/**
 * What each feature's output hears of the other features, before bias and ReLU: entries W_j . W_i
 * of W^T W off the diagonal.
 *
 * <p>The sign matters behind a ReLU: what is negative is cut off while the feature itself is
 * absent, what is positive comes through. A bias can make up for the net interference, since on
 * average the others shift an output by net times the mean of a feature.
 *
 * @param net [features], sum_{j != i} W_j . W_i, with signs; copied in and out
 * @param total [features], sum_{j != i} |W_j . W_i|; copied in and out
 * @param worst [features], max_{j != i} |W_j . W_i|, 0 for a single feature; copied in and out
 */
public record Interference(double[] net, double[] total, double[] worst) {

  /**
   * Checks that there is one number of each kind per feature.
   *
   * @param net sums with signs
   * @param total sums of magnitudes
   * @param worst largest magnitudes
   * @throws IllegalArgumentException if the lengths differ
   */
  public Interference {
    if (net.length != total.length || net.length != worst.length) {
      throw new IllegalArgumentException(
          ("interference needs one number of each kind per feature, "
                  + "was net [%d], total [%d], worst [%d]")
              .formatted(net.length, total.length, worst.length));
    }
    net = net.clone();
    total = total.clone();
    worst = worst.clone();
  }

  /**
   * Sums with signs.
   *
   * @return [features], a copy
   */
  @Override
  public double[] net() {
    return net.clone();
  }

  /**
   * Sums of magnitudes.
   *
   * @return [features], a copy
   */
  @Override
  public double[] total() {
    return total.clone();
  }

  /**
   * Largest magnitudes.
   *
   * @return [features], a copy
   */
  @Override
  public double[] worst() {
    return worst.clone();
  }
}
