package dev.circuitscope.toymodels.theory;

import com.google.gson.JsonObject;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Locale;

/**
 * The expected loss of given weights as a polynomial in p = 1 - S: section "Why Do Those Polytopes
 * Form?" of "Toy Models of Superposition" (Elhage et al., 2022) and its appendix.
 *
 * <pre>
 *   L(p) = sum_k p^k (1 - p)^(n - k) L_k
 *   L_k  = sum over sets A of k features, of E sum_j I_j (x_j - x'_j)^2
 *          with the features in A uniform on [0, 1] and the others 0
 * </pre>
 *
 * <p>So L_0 = sum_j I_j ReLU(b_j)^2, and L_1 is the paper's sum of integrals over one active
 * feature. Every L_k is integrated in closed form, to rounding; there is no quadrature and nothing
 * is sampled. With all n + 1 terms the loss is exact at every p. That takes about n 3^n additions
 * if every feature interferes with every other (n up to 13), fewer if W^T W has zeros, and is
 * immediate for the linear model. A truncated expansion is a lower bound: it leaves out that more
 * than {@code order} features are active.
 *
 * <pre>{@code
 * var model = AnalyticModel.of(run.model(), config.importance());
 * var exact = SparsityExpansion.exact(model);      // five features: every L_k
 * exact.mean(0.05);                                // what run.finalLoss() estimates
 * SparsityExpansion.of(large, 2).coverage(0.001);  // share of samples that L_0 to L_2 cover
 * }</pre>
 *
 * @param features n
 * @param coefficients L_0, L_1, ... up to the order, sums over features; copied in and out
 */
public record SparsityExpansion(int features, double[] coefficients) {

  private static final double MOST_ADDITIONS = 2e10;

  /**
   * Checks that there is from one to n + 1 finite coefficients.
   *
   * @param features n
   * @param coefficients L_0, L_1, ...
   * @throws IllegalArgumentException if there is not
   */
  public SparsityExpansion {
    coefficients = coefficients.clone();
    if (features < 1 || coefficients.length < 1 || coefficients.length > features + 1) {
      throw new IllegalArgumentException(
          "a sparsity expansion of %d features needs 1 to %d coefficients, was %d"
              .formatted(features, features + 1, coefficients.length));
    }
    for (int k = 0; k < coefficients.length; k++) {
      if (!Double.isFinite(coefficients[k])) {
        throw new IllegalArgumentException(
            "L_%d is %s, more than a double can hold; ask for a lower order"
                .formatted(k, coefficients[k]));
      }
    }
  }

  /**
   * All terms: the loss exactly.
   *
   * @param model whose loss
   * @return L_0 to L_n
   * @throws IllegalArgumentException if too many features interfere with each other
   */
  public static SparsityExpansion exact(AnalyticModel model) {
    return of(model, model.features());
  }

  /**
   * The first terms.
   *
   * @param model whose loss
   * @param order of the last term, from 0 to n
   * @return L_0 to L_order
   * @throws IllegalArgumentException if {@code order} is out of range, or would take hours
   */
  public static SparsityExpansion of(AnalyticModel model, int order) {
    int n = model.features();
    if (order < 0 || order > n) {
      throw new IllegalArgumentException(
          "a sparsity expansion of %d features has orders 0 to %d, was %d".formatted(n, n, order));
    }
    double[][] byOutput =
        model.activation() == ToyActivation.LINEAR ? linear(model, order) : relu(model, order);
    return weighted(model, byOutput);
  }

  private static SparsityExpansion weighted(AnalyticModel model, double[][] byOutput) {
    int n = model.features();
    int order = byOutput[0].length - 1;
    double[] importance = model.importance();
    double[] coefficients = new double[order + 1];
    for (int k = 0; k <= order; k++) {
      for (int j = 0; j < n; j++) {
        coefficients[k] += importance[j] * byOutput[j][k];
      }
    }
    return new SparsityExpansion(n, coefficients);
  }

  private static double[][] relu(AnalyticModel model, int order) {
    int n = model.features();
    double[] bias = model.bias();
    OutputLosses[] outputs = new OutputLosses[n];
    double cost = 0;
    for (int j = 0; j < n; j++) {
      outputs[j] = new OutputLosses(j, model.gramRow(j), bias[j]);
      cost += outputs[j].cost(order);
    }
    if (cost > MOST_ADDITIONS) {
      throw new IllegalArgumentException(
          ("order %d of %d interfering features would take %.0e additions; "
                  + "ask for a lower order, or sample (ToyModel.sampledLoss)")
              .formatted(order, n, cost));
    }
    double[][] byOutput = new double[n][];
    Parallel.forEach(n, j -> byOutput[j] = outputs[j].bySize(order));
    return byOutput;
  }

  /**
   * The error of output j is sum_{i in A} d_i x_i - b with d_i = [i = j] - W_i . W_j, and the sum
   * of its mean square over all A of k features counts each feature and each pair equally often.
   */
  private static double[][] linear(AnalyticModel model, int order) {
    int n = model.features();
    double[] bias = model.bias();
    double[][] byOutput = new double[n][order + 1];
    for (int j = 0; j < n; j++) {
      double sum = 0;
      double squares = 0;
      double[] row = model.gramRow(j);
      for (int i = 0; i < n; i++) {
        double d = (i == j ? 1 : 0) - row[i];
        sum += d;
        squares += d * d;
      }
      for (int k = 0; k <= order; k++) {
        // E (sum d x - b)^2 = b^2 - b sum d + sum d^2 / 3 + sum_{i != l} d_i d_l / 4
        byOutput[j][k] =
            Binomials.choose(n, k) * bias[j] * bias[j]
                + Binomials.choose(n - 1, k - 1) * (squares / 3 - bias[j] * sum)
                + Binomials.choose(n - 2, k - 2) * (sum * sum - squares) / 4;
      }
    }
    return byOutput;
  }

  /**
   * The order of the last term.
   *
   * @return from 0 to n
   */
  public int order() {
    return coefficients.length - 1;
  }

  /**
   * The terms.
   *
   * @return L_0, L_1, ..., a copy
   */
  @Override
  public double[] coefficients() {
    return coefficients.clone();
  }

  /**
   * The paper's loss, a sum over features.
   *
   * @param p feature probability, in [0, 1]
   * @return exact with all terms, else a lower bound
   * @throws IllegalArgumentException if p is out of range
   */
  public double total(double p) {
    Binomials.require("total", p);
    double sum = 0;
    for (int k = 0; k < coefficients.length; k++) {
      sum += Binomials.probability(features, k, p) * coefficients[k];
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
    return total(p) / features;
  }

  /**
   * The probability that no more features are active than there are terms for.
   *
   * @param p feature probability, in [0, 1]
   * @return 1 with all terms
   * @throws IllegalArgumentException if p is out of range
   */
  public double coverage(double p) {
    Binomials.require("coverage", p);
    double sum = 0;
    for (int k = 0; k < coefficients.length; k++) {
      sum += Binomials.choose(features, k) * Binomials.probability(features, k, p);
    }
    return Math.min(1, sum);
  }

  /**
   * Coefficients as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return Json.of(this);
  }

  /**
   * A table with a line per term.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT, "expansion of %d features up to order %d%n", features, order()));
    for (int k = 0; k < coefficients.length; k++) {
      text.append(String.format(Locale.ROOT, "L_%-4d %14.8g%n", k, coefficients[k]));
    }
    return text.toString();
  }
}
