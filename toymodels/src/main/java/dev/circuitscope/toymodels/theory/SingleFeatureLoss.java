package dev.circuitscope.toymodels.theory;

import com.google.gson.JsonObject;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Arrays;
import java.util.Locale;

/**
 * What L_1 consists of, the loss while exactly one feature is active: what a feature fails to
 * reconstruct of itself, and what it makes the others' outputs say. These two compete in section
 * "Why Do Those Polytopes Form?" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <pre>
 *   own_i             = I_i integral_0^1 (x - f(||W_i||^2 x + b_i))^2 dx
 *   interference_i,j  = I_j integral_0^1 f(W_j . W_i x + b_j)^2 dx,   j not i
 * </pre>
 *
 * @param own [features]; copied in and out
 * @param interference [active feature][output], 0 on the diagonal; copied in and out
 */
public record SingleFeatureLoss(double[] own, double[][] interference) {

  /**
   * Checks that there is a row and a column per feature.
   *
   * @param own [features]
   * @param interference [active feature][output]
   * @throws IllegalArgumentException if there is not
   */
  public SingleFeatureLoss {
    int n = own.length;
    if (interference.length != n || Arrays.stream(interference).anyMatch(r -> r.length != n)) {
      throw new IllegalArgumentException(
          "interference of %d features must be [%d][%d]".formatted(n, n, n));
    }
    own = own.clone();
    interference = copy(interference);
  }

  /**
   * The terms of a model, by exact integration.
   *
   * @param model whose loss
   * @return its L_1, taken apart
   */
  public static SingleFeatureLoss of(AnalyticModel model) {
    int n = model.features();
    double[] bias = model.bias();
    double[] importance = model.importance();
    boolean relu = model.activation() == ToyActivation.RELU_OUTPUT;
    double[] own = new double[n];
    double[][] interference = new double[n][n];
    Parallel.forEach(
        n,
        j -> {
          double[] row = model.gramRow(j);
          CubeIntegrals integrals = new CubeIntegrals(1);
          for (int i = 0; i < n; i++) {
            double loss =
                relu
                    ? relu(integrals, bias[j], row[i], i == j)
                    : linear(bias[j], (i == j ? 1 : 0) - row[i]);
            if (i == j) {
              own[j] = importance[j] * loss;
            } else {
              interference[i][j] = importance[j] * loss;
            }
          }
        });
    return new SingleFeatureLoss(own, interference);
  }

  private static double relu(CubeIntegrals integrals, double bias, double slope, boolean self) {
    integrals.integrate(bias, new double[] {slope}, 1, self ? 0 : -1);
    return OutputLosses.loss(integrals, integrals.free(1), self);
  }

  /** integral_0^1 (d x - b)^2 dx. */
  private static double linear(double bias, double d) {
    return d * d / 3 - d * bias + bias * bias;
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    Arrays.setAll(copy, i -> rows[i].clone());
    return copy;
  }

  /**
   * What features fail to reconstruct of themselves.
   *
   * @return [features], a copy
   */
  @Override
  public double[] own() {
    return own.clone();
  }

  /**
   * What features make the others' outputs say.
   *
   * @return [active feature][output], a copy
   */
  @Override
  public double[][] interference() {
    return copy(interference);
  }

  /**
   * What all features fail to reconstruct of themselves.
   *
   * @return the sum of {@link #own}
   */
  public double totalOwn() {
    return Arrays.stream(own).sum();
  }

  /**
   * What all features make the others' outputs say.
   *
   * @return the sum of {@link #interference}
   */
  public double totalInterference() {
    return Arrays.stream(interference).flatMapToDouble(Arrays::stream).sum();
  }

  /**
   * L_1.
   *
   * @return both totals together, the second coefficient of {@link SparsityExpansion}
   */
  public double total() {
    return totalOwn() + totalInterference();
  }

  /**
   * Both parts as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    return Json.of(this);
  }

  /**
   * A table with a line per feature.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "L_1 = %.6g, own %.6g, interference %.6g%n%8s %12s %12s%n",
                total(),
                totalOwn(),
                totalInterference(),
                "feature",
                "own",
                "on others"));
    for (int i = 0; i < own.length; i++) {
      text.append(
          String.format(
              Locale.ROOT, "%8d %12.6g %12.6g%n", i, own[i], Arrays.stream(interference[i]).sum()));
    }
    return text.toString();
  }
}
