package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import dev.circuitscope.toymodels.theory.ExactMinimum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The exact losses of the two solutions for five features of which the first is rarer or more
 * frequent: each a minimum that is followed from factor to factor, not trained.
 *
 * @param factors the first feature's probability relative to the others', rising
 * @param pentagon mean loss of the (deformed) pentagon; NaN where it is no minimum
 * @param digons mean loss of two digons that leave the first feature out
 */
public record PolygonBranches(List<Double> factors, List<Double> pentagon, List<Double> digons) {

  private static final int POINTS = 41;

  /**
   * Checks that there is one loss per factor.
   *
   * @param factors the first feature's probability relative to the others', rising
   * @param pentagon mean loss of the pentagon
   * @param digons mean loss of two digons
   */
  public PolygonBranches {
    factors = List.copyOf(factors);
    pentagon = List.copyOf(pentagon);
    digons = List.copyOf(digons);
    if (pentagon.size() != factors.size() || digons.size() != factors.size()) {
      throw new IllegalArgumentException(
          "branches need a loss per factor, was %d factors, %d and %d losses"
              .formatted(factors.size(), pentagon.size(), digons.size()));
    }
  }

  static PolygonBranches follow(double lowest, double highest, double p) {
    List<Double> factors = ToyConfig.logSpaced(lowest, highest, POINTS);
    double[][] losses = new double[2][];
    Parallel.forEach(
        2, branch -> losses[branch] = branch == 0 ? pentagon(factors, p) : digons(factors, p));
    return new PolygonBranches(
        factors,
        Arrays.stream(losses[0]).boxed().toList(),
        Arrays.stream(losses[1]).boxed().toList());
  }

  /** From equal features on, to both sides. */
  private static double[] pentagon(List<Double> factors, double p) {
    double[] losses = new double[factors.size()];
    Arrays.fill(losses, Double.NaN);
    AnalyticModel regular =
        ExactMinimum.from(model(RegularFigure.PENTAGON.weights()), PolygonCell.probabilities(1, p))
            .model();
    int equal = 0;
    while (equal + 1 < factors.size() && factors.get(equal) < 1) {
      equal++;
    }
    follow(regular, factors, p, equal, 1, PolygonCell.FEATURES, losses);
    follow(regular, factors, p, equal - 1, -1, PolygonCell.FEATURES, losses);
    return losses;
  }

  private static double[] digons(List<Double> factors, double p) {
    double[] losses = new double[factors.size()];
    Arrays.fill(losses, Double.NaN);
    AnalyticModel start = model(new double[][] {{0, 1, -1, 0, 0}, {0, 0, 0, 1, -1}});
    follow(start, factors, p, 0, 1, PolygonCell.FEATURES - 1, losses);
    return losses;
  }

  private static void follow(
      AnalyticModel start,
      List<Double> factors,
      double p,
      int from,
      int direction,
      int kept,
      double[] losses) {
    AnalyticModel at = start;
    for (int i = from; i >= 0 && i < losses.length; i += direction) {
      ExactMinimum minimum = ExactMinimum.from(at, PolygonCell.probabilities(factors.get(i), p));
      at = minimum.model();
      if (Geometry.of(at.weights()).featuresKept() != kept) {
        return;
      }
      losses[i] = minimum.mean();
    }
  }

  private static AnalyticModel model(double[][] weights) {
    double[] ones = new double[PolygonCell.FEATURES];
    Arrays.fill(ones, 1);
    return new AnalyticModel(
        weights, new double[PolygonCell.FEATURES], ones, ToyActivation.RELU_OUTPUT);
  }

  /**
   * Where both solutions have the same loss, on straight lines over the logarithm of the factor.
   *
   * @return the factor; NaN if the losses do not cross
   */
  public double crossing() {
    for (int i = 1; i < factors.size(); i++) {
      double before = pentagon.get(i - 1) - digons.get(i - 1);
      double after = pentagon.get(i) - digons.get(i);
      if (before > 0 && after <= 0) {
        double share = before / (before - after);
        double from = Math.log(factors.get(i - 1));
        return Math.exp(from + share * (Math.log(factors.get(i)) - from));
      }
    }
    return Double.NaN;
  }

  /**
   * The lower of the two losses.
   *
   * @param factor within the range of the factors
   * @return on straight lines over the logarithm of the factor; NaN beyond the range
   */
  public double lowest(double factor) {
    for (int i = 1; i < factors.size(); i++) {
      if (factor >= factors.get(i - 1) * (1 - 1e-12) && factor <= factors.get(i) * (1 + 1e-12)) {
        double share =
            Math.log(factor / factors.get(i - 1)) / Math.log(factors.get(i) / factors.get(i - 1));
        List<Double> both = new ArrayList<>();
        for (List<Double> losses : List.of(pentagon, digons)) {
          both.add((1 - share) * losses.get(i - 1) + share * losses.get(i));
        }
        return both.stream().filter(Double::isFinite).min(Double::compare).orElse(Double.NaN);
      }
    }
    return Double.NaN;
  }
}
