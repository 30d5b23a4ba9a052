package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.Arrays;
import java.util.List;

/**
 * A model x' = f(W^T W x + b) and the importances that weigh its errors, in float64: what a loss is
 * computed of.
 *
 * <pre>{@code
 * double[] ones = {1, 1};
 * var pair = new AnalyticModel(new double[][] {{1, -1}}, new double[2], ones, RELU_OUTPUT);
 * SparsityExpansion.exact(pair).total(0.1);   // p^2 / 3
 * }</pre>
 *
 * @param weights W [hidden][features]; copied in and out
 * @param bias b [features]; copied in and out
 * @param importance I_i [features], not negative; copied in and out
 * @param activation f
 */
public record AnalyticModel(
    double[][] weights, double[] bias, double[] importance, ToyActivation activation) {

  /**
   * Checks that everything fits together.
   *
   * @param weights W [hidden][features]
   * @param bias b [features]
   * @param importance I_i [features]
   * @param activation f
   * @throws IllegalArgumentException if a length differs, a number is not finite, or an importance
   *     is negative
   */
  public AnalyticModel {
    if (bias.length == 0 || importance.length != bias.length || weights.length == 0) {
      throw new IllegalArgumentException(
          ("an analytic model needs W [hidden][features], b [features] and I [features], "
                  + "was W [%d][...], b [%d], I [%d]")
              .formatted(weights.length, bias.length, importance.length));
    }
    if (activation == null) {
      throw new IllegalArgumentException("an analytic model needs an activation, was null");
    }
    weights = copy(weights);
    bias = bias.clone();
    importance = importance.clone();
    for (int k = 0; k < weights.length; k++) {
      if (weights[k].length != bias.length) {
        throw new IllegalArgumentException(
            "W [hidden][features] and b [features] disagree: row %d of W has %d numbers, b has %d"
                .formatted(k, weights[k].length, bias.length));
      }
      requireFinite("W[" + k + "]", weights[k]);
    }
    requireFinite("b", bias);
    requireFinite("importance", importance);
    for (double weight : importance) {
      if (weight < 0) {
        throw new IllegalArgumentException("importance must not be negative, was " + weight);
      }
    }
  }

  private static void requireFinite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "an analytic model needs finite numbers, but " + name + "[" + i + "] is " + values[i]);
      }
    }
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    Arrays.setAll(copy, k -> rows[k].clone());
    return copy;
  }

  /**
   * A trained model, in float64.
   *
   * @param model its W, b and activation are used
   * @param importance I_i, one number per feature, as in the configuration of its training
   * @return the same model
   * @throws IllegalArgumentException if {@code importance} has another length or is out of range,
   *     or the model has a hidden ReLU
   */
  public static AnalyticModel of(ToyModel model, List<? extends Number> importance) {
    if (model.architecture().hasHiddenRelu()) {
      throw new IllegalArgumentException(
          "the theory is that of models without a hidden ReLU, but this one is "
              + model.architecture()
              + "; sample its loss (ToyModel.sampledLoss)");
    }
    float[][] w = model.weights();
    float[] b = model.bias();
    double[][] weights = new double[w.length][b.length];
    double[] bias = new double[b.length];
    for (int i = 0; i < b.length; i++) {
      bias[i] = b[i];
      for (int k = 0; k < w.length; k++) {
        weights[k][i] = w[k][i];
      }
    }
    double[] weigh = importance.stream().mapToDouble(Number::doubleValue).toArray();
    return new AnalyticModel(weights, bias, weigh, model.activation());
  }

  /**
   * The number of features.
   *
   * @return n
   */
  public int features() {
    return bias.length;
  }

  /**
   * The number of hidden units.
   *
   * @return m
   */
  public int hidden() {
    return weights.length;
  }

  /**
   * Row i of W^T W.
   *
   * @param i a feature
   * @return W_i . W_j for every j
   * @throws IndexOutOfBoundsException if there is no such feature
   */
  public double[] gramRow(int i) {
    double[] row = new double[bias.length];
    for (double[] hidden : weights) {
      for (int j = 0; j < row.length; j++) {
        row[j] += hidden[i] * hidden[j];
      }
    }
    return row;
  }

  /**
   * W.
   *
   * @return [hidden][features], a copy
   */
  @Override
  public double[][] weights() {
    return copy(weights);
  }

  /**
   * b.
   *
   * @return [features], a copy
   */
  @Override
  public double[] bias() {
    return bias.clone();
  }

  /**
   * How much each feature's error weighs.
   *
   * @return I_i [features], a copy
   */
  @Override
  public double[] importance() {
    return importance.clone();
  }
}
