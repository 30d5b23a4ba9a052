package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;

/**
 * The expected loss of any linear model x' = W^T W x + b in closed form: for independent features
 * with mean mu = p/2 and variance v = p/3 - p^2/4,
 *
 * <pre>
 *   L(p) = v (sum_i I_i (1 - ||W_i||^2)^2 + sum_{i != j} I_j (W_j . W_i)^2)
 *          + sum_j I_j (mu (1 - sum_i W_j . W_i) - b_j)^2
 * </pre>
 *
 * <p>The first sum is what "Toy Models of Superposition" (Elhage et al., 2022), section
 * "Demonstrating Superposition", calls the benefit of representing features, the second is
 * interference; the last line is what the bias can make 0.
 */
public final class LinearLoss {

  private final double[] importance;
  private final double[] bias;
  private final double[] shift;
  private final double unrepresented;
  private final double interference;

  private LinearLoss(AnalyticModel model) {
    int n = model.features();
    importance = model.importance();
    bias = model.bias();
    shift = new double[n];
    double own = 0;
    double others = 0;
    for (int j = 0; j < n; j++) {
      double[] row = model.gramRow(j);
      shift[j] = 1;
      for (int i = 0; i < n; i++) {
        shift[j] -= row[i];
        others += i == j ? 0 : importance[j] * row[i] * row[i];
      }
      own += importance[j] * (1 - row[j]) * (1 - row[j]);
    }
    unrepresented = own;
    interference = others;
  }

  /**
   * The loss of a linear model as a function of p.
   *
   * @param model whose loss
   * @return its closed form
   * @throws IllegalArgumentException if the model is not linear
   */
  public static LinearLoss of(AnalyticModel model) {
    if (model.activation() != ToyActivation.LINEAR) {
      throw new IllegalArgumentException(
          "a linear loss needs a LINEAR model, was %s; use SparsityExpansion"
              .formatted(model.activation()));
    }
    return new LinearLoss(model);
  }

  /** The variance of a feature, p/3 - p^2/4. */
  static double variance(double p) {
    return p / 3 - p * p / 4;
  }

  /**
   * What features lack of being represented.
   *
   * @return sum_i I_i (1 - ||W_i||^2)^2
   */
  public double unrepresented() {
    return unrepresented;
  }

  /**
   * What features add to each other's outputs.
   *
   * @return sum_{i != j} I_j (W_j . W_i)^2
   */
  public double interference() {
    return interference;
  }

  /**
   * The paper's loss, a sum over features.
   *
   * @param p feature probability, in [0, 1]
   * @return L(p)
   * @throws IllegalArgumentException if p is out of range
   */
  public double total(double p) {
    double sum = totalWithBestBias(p);
    for (int j = 0; j < bias.length; j++) {
      double off = p / 2 * shift[j] - bias[j];
      sum += importance[j] * off * off;
    }
    return sum;
  }

  /**
   * The loss as it is trained and sampled, a mean over features.
   *
   * @param p feature probability, in [0, 1]
   * @return {@link #total} / n
   * @throws IllegalArgumentException if p is out of range
   */
  public double mean(double p) {
    return total(p) / bias.length;
  }

  /**
   * The bias that is best for these weights.
   *
   * @param p feature probability, in [0, 1]
   * @return b_j = p/2 (1 - sum_i W_j . W_i), [features]
   * @throws IllegalArgumentException if p is out of range
   */
  public double[] bestBias(double p) {
    Binomials.require("bestBias", p);
    double[] best = new double[shift.length];
    for (int j = 0; j < best.length; j++) {
      best[j] = p / 2 * shift[j];
    }
    return best;
  }

  /**
   * The loss that these weights have with {@link #bestBias}.
   *
   * @param p feature probability, in [0, 1]
   * @return the sum over features
   * @throws IllegalArgumentException if p is out of range
   */
  public double totalWithBestBias(double p) {
    Binomials.require("a linear loss", p);
    return variance(p) * (unrepresented + interference);
  }
}
