package dev.circuitscope.toymodels.theory;

import com.google.gson.GsonBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A local minimum of the exact expected loss of features that are not equally sparse: section
 * "Non-Uniform Superposition" of "Toy Models of Superposition" (Elhage et al., 2022), where one
 * feature of a pentagon becomes sparser until two digons are better.
 *
 * <p>Following a solution from one minimum to the next, as probabilities change, gives the loss of
 * that solution also where training would leave it for another one.
 *
 * <pre>{@code
 * var pentagon = new AnalyticModel(RegularFigure.PENTAGON.weights(), bias, importance, RELU_OUTPUT);
 * UnequalMinimum.from(pentagon, 0.02, 0.05, 0.05, 0.05, 0.05).mean();
 * }</pre>
 *
 * @param model the weights and biases of the minimum
 * @param probabilities how often each feature is active
 * @param total its loss, a sum over features
 */
public record UnequalMinimum(AnalyticModel model, List<Double> probabilities, double total) {

  /**
   * Copies the probabilities.
   *
   * @param model the weights and biases of the minimum
   * @param probabilities how often each feature is active
   * @param total its loss, a sum over features
   */
  public UnequalMinimum {
    probabilities = List.copyOf(probabilities);
  }

  /**
   * Descends from a model.
   *
   * @param start where to start; its importances weigh the loss
   * @param probabilities p_i of each feature, in (0, 1]
   * @return the minimum that it leads to
   * @throws IllegalArgumentException if there is not one probability in (0, 1] per feature, the
   *     model is linear, or has more than {@link ExactMinimum#MOST_FEATURES} features
   */
  public static UnequalMinimum from(AnalyticModel start, double... probabilities) {
    double[] p = probabilities.clone();
    require(start, p);
    Descent descent = new Descent(start, model -> sum(model, p));
    return new UnequalMinimum(descent.model(), Arrays.stream(p).boxed().toList(), descent.loss());
  }

  /**
   * The exact expected loss of a model on independent features.
   *
   * @param model whose loss
   * @param probabilities p_i of each feature, in (0, 1]
   * @return the paper's loss, a sum over features
   * @throws IllegalArgumentException as {@link #from} does
   */
  public static double loss(AnalyticModel model, double... probabilities) {
    require(model, probabilities);
    return sum(model, probabilities);
  }

  private static void require(AnalyticModel model, double[] probabilities) {
    ExactMinimum.requireDescent(model);
    if (probabilities.length != model.features()) {
      throw new IllegalArgumentException(
          "%d features need as many probabilities, was %d"
              .formatted(model.features(), probabilities.length));
    }
    for (double p : probabilities) {
      if (!(p > 0 && p <= 1)) {
        throw new IllegalArgumentException("a feature probability must be in (0, 1], was " + p);
      }
    }
  }

  private static double sum(AnalyticModel model, double[] p) {
    double[] importance = model.importance();
    double[] bias = model.bias();
    double sum = 0;
    for (int j = 0; j < bias.length; j++) {
      // L = sum_j I_j E (x_j - ReLU(W_j . W x + b_j))^2
      sum += importance[j] * new OutputLosses(j, model.gramRow(j), bias[j]).expected(p);
    }
    return sum;
  }

  /**
   * The loss as it is trained and sampled, a mean over features.
   *
   * @return {@link #total} / n
   */
  public double mean() {
    return total / model.features();
  }

  /**
   * Weights, biases, probabilities and loss as JSON.
   *
   * @return pretty-printed JSON
   */
  public String toJson() {
    return new GsonBuilder().setPrettyPrinting().create().toJson(this);
  }

  /**
   * One line.
   *
   * @return sizes, probabilities and the loss
   */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "n = %d, m = %d, p = %s: loss %.6g in all, %.6g per feature",
        model.features(),
        model.hidden(),
        probabilities,
        total,
        mean());
  }
}
