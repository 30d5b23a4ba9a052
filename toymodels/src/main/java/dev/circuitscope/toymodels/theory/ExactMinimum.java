package dev.circuitscope.toymodels.theory;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A local minimum of the exact expected loss over all weights and biases: where training from the
 * same start would end if every batch held infinitely many samples and nothing decayed.
 *
 * <pre>{@code
 * ExactMinimum pentagon = ExactMinimum.from(AnalyticModel.of(run.model(), importance), 0.05);
 * run.finalLoss() - pentagon.mean();    // what training has left on the table
 * }</pre>
 *
 * <p>Features may be unequally sparse, as in section "Non-Uniform Superposition" of "Toy Models of
 * Superposition" (Elhage et al., 2022), where one feature of a pentagon becomes sparser until two
 * digons are better. Following a solution from one minimum to the next, as probabilities change,
 * gives the loss of that solution also where training would leave it for another one.
 *
 * <pre>{@code
 * ExactMinimum.from(pentagon.model(), 0.02, 0.05, 0.05, 0.05, 0.05).mean();
 * }</pre>
 *
 * @param model the weights and biases of the minimum
 * @param probabilities how often each feature is active
 * @param total its loss, a sum over features
 */
public record ExactMinimum(AnalyticModel model, List<Double> probabilities, double total) {

  /** The most features that a descent takes: every step integrates 3^n states many times. */
  public static final int MOST_FEATURES = 6;

  /**
   * Copies the probabilities.
   *
   * @param model the weights and biases of the minimum
   * @param probabilities how often each feature is active
   * @param total its loss, a sum over features
   */
  public ExactMinimum {
    probabilities = List.copyOf(probabilities);
  }

  /**
   * Descends from a model. A start on a ridge, such as one whose weights are symmetric or 0, may
   * stay there.
   *
   * @param start where to start; its importances weigh the loss
   * @param probabilities of the features, in (0, 1]: one for all of them, or one each
   * @return the minimum that it leads to
   * @throws IllegalArgumentException if there are not as many probabilities or one is out of range,
   *     the model is linear, or has more than {@link #MOST_FEATURES} features
   */
  public static ExactMinimum from(AnalyticModel start, double... probabilities) {
    double[] p = checked(start, probabilities);
    Descent descent = new Descent(start, model -> sum(model, p));
    return new ExactMinimum(descent.model(), Arrays.stream(p).boxed().toList(), descent.loss());
  }

  /**
   * The exact expected loss of a model on independent features.
   *
   * @param model whose loss
   * @param probabilities of the features, in (0, 1]: one for all of them, or one each
   * @return the paper's loss, a sum over features
   * @throws IllegalArgumentException as {@link #from} does
   */
  public static double loss(AnalyticModel model, double... probabilities) {
    return sum(model, checked(model, probabilities));
  }

  private static double[] checked(AnalyticModel model, double[] probabilities) {
    int n = model.features();
    for (double p : probabilities) {
      if (!(p > 0 && p <= 1)) {
        throw new IllegalArgumentException("a feature probability must be in (0, 1], was " + p);
      }
    }
    if (model.activation() == ToyActivation.LINEAR) {
      throw new IllegalArgumentException("LinearOptimum has the minimum of linear models");
    }
    if (n > MOST_FEATURES) {
      throw new IllegalArgumentException(
          "an exact descent takes at most %d features, was %d; train with ToyTrainer"
              .formatted(MOST_FEATURES, n));
    }
    if (probabilities.length != 1 && probabilities.length != n) {
      throw new IllegalArgumentException(
          "%d features need one probability for all or one each, was %d"
              .formatted(n, probabilities.length));
    }
    double[] each = new double[n];
    Arrays.setAll(each, i -> probabilities[probabilities.length == 1 ? 0 : i]);
    return each;
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
   * @return an object
   */
  public JsonObject toJson() {
    return Json.of(this);
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
        probabilities.stream().distinct().count() == 1 ? probabilities.get(0) : probabilities,
        total,
        mean());
  }
}
