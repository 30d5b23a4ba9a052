package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The best linear model: it keeps the m most important features and ignores the rest at every
 * sparsity, as principal components of the weighted features would ("Toy Models of Superposition",
 * Elhage et al., 2022, section "Basic Results").
 *
 * <p>With the best bias the loss is v ||I^(1/2) (1 - W^T W)||_F^2, v = p/3 - p^2/4. No matrix of
 * rank m is nearer to the diagonal I^(1/2) than its m largest entries (Eckart and Young), and those
 * are of the form I^(1/2) W^T W: W keeps these features as they are.
 *
 * <pre>{@code
 * LinearOptimum best = LinearOptimum.of(new double[] {1, 0.7, 0.49}, 2);
 * best.kept();        // [0, 1]
 * best.total(1);      // 0.49 / 12: the variance of the feature that is ignored
 * }</pre>
 *
 * @param importance I_i [features], not negative; copied in and out
 * @param hidden m, at least 1
 * @param kept the most important features, m or all of them, ascending; the first of equals
 */
public record LinearOptimum(double[] importance, int hidden, List<Integer> kept) {

  /**
   * Checks that each kept feature exists, is kept once, and fits.
   *
   * @param importance I_i
   * @param hidden m
   * @param kept ascending
   * @throws IllegalArgumentException if one is not
   */
  public LinearOptimum {
    importance = importance.clone();
    kept = List.copyOf(kept);
    int n = importance.length;
    if (hidden < 1
        || kept.size() > hidden
        || kept.stream().distinct().count() != kept.size()
        || kept.stream().anyMatch(i -> i < 0 || i >= n)) {
      throw new IllegalArgumentException(
          "%d hidden units cannot keep features %s of %d".formatted(hidden, kept, n));
    }
  }

  /**
   * The optimum for some importances.
   *
   * @param importance I_i [features], at least one, finite and not negative
   * @param hidden m, at least 1
   * @return which features it keeps
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static LinearOptimum of(double[] importance, int hidden) {
    if (hidden < 1 || importance.length < 1) {
      throw new IllegalArgumentException(
          "a linear optimum needs at least one hidden unit and one feature, was m = %d, n = %d"
              .formatted(hidden, importance.length));
    }
    for (double weight : importance) {
      if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "importance must be finite and not negative, was " + weight);
      }
    }
    List<Integer> kept =
        IntStream.range(0, importance.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -importance[i]))
            .limit(hidden)
            .sorted()
            .toList();
    return new LinearOptimum(importance, hidden, kept);
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

  /**
   * Whether W^T W is determined: not if a feature that is ignored matters as much as one that is
   * kept, when any mixture of such features is as good.
   *
   * @return true if there is one best W^T W
   */
  public boolean unique() {
    double least = Double.POSITIVE_INFINITY;
    for (int i : kept) {
      least = Math.min(least, importance[i]);
    }
    for (int i = 0; i < importance.length; i++) {
      if (!kept.contains(i) && importance[i] >= least) {
        return false;
      }
    }
    return least > 0;
  }

  /**
   * The least loss, as the paper sums it over features.
   *
   * @param p feature probability, in [0, 1]
   * @return (p/3 - p^2/4) times the importance of all that is ignored
   * @throws IllegalArgumentException if p is out of range
   */
  public double total(double p) {
    Binomials.require("a linear optimum", p);
    double ignored = 0;
    for (int i = 0; i < importance.length; i++) {
      ignored += kept.contains(i) ? 0 : importance[i];
    }
    return LinearLoss.variance(p) * ignored;
  }

  /**
   * A model that has this loss; any rotation of its hidden space has it too.
   *
   * @param p feature probability, in [0, 1]
   * @return W with a unit vector per kept feature, b = p/2 for the others
   * @throws IllegalArgumentException if p is out of range
   */
  public AnalyticModel model(double p) {
    Binomials.require("a linear optimum", p);
    double[][] w = new double[hidden][importance.length];
    double[] bias = new double[importance.length];
    for (int i = 0; i < bias.length; i++) {
      int row = kept.indexOf(i);
      if (row < 0) {
        bias[i] = p / 2;
      } else {
        w[row][i] = 1;
      }
    }
    return new AnalyticModel(w, bias, importance, ToyActivation.LINEAR);
  }
}
