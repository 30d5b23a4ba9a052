package dev.circuitscope.toymodels.theory;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One of the solutions that the theoretical phase diagram chooses from: n features in n - 1
 * dimensions, all of importance 1 but the last ("Toy Models of Superposition", Elhage et al., 2022,
 * section "Superposition as a Phase Change").
 *
 * @param name what it does, in words
 * @param outcome what becomes of the last feature
 * @param model weights and bias of norm 1 or 0, as the paper has them
 * @param loss in closed form, a sum over features
 */
public record CandidateSolution(
    String name, LastFeature outcome, AnalyticModel model, double loss) {

  /**
   * The candidates of a cell. With two features in one dimension: ignore the last, ignore the
   * first, or make them an antipodal pair. With three in two also: make an antipodal pair of the
   * first two and give the last a dimension.
   *
   * @param features n, 2 or 3
   * @param p feature probability, in (0, 1]
   * @param relativeImportance r of the last feature, positive
   * @return one per solution
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static List<CandidateSolution> of(int features, double p, double relativeImportance) {
    double r = relativeImportance;
    if (features != 2 && features != 3) {
      throw new IllegalArgumentException(
          "the theoretical phase diagram is that of 2 features in 1 dimension or 3 in 2, was "
              + features
              + " features");
    }
    if (!(p > 0 && p <= 1) || !(r > 0 && r < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          ("candidates need a feature probability in (0, 1] and a positive relative importance, "
                  + "was p = %s, r = %s")
              .formatted(p, r));
    }
    int last = features - 1;
    List<CandidateSolution> candidates = new ArrayList<>();
    candidates.add(
        new CandidateSolution(
            "ignore the last feature",
            LastFeature.NOT_LEARNED,
            ignoring(features, last, p, r),
            PhaseLosses.ignored(p, r)));
    candidates.add(
        new CandidateSolution(
            "ignore the first feature",
            LastFeature.DEDICATED,
            ignoring(features, 0, p, r),
            PhaseLosses.ignored(p, 1)));
    if (features == 3) {
      candidates.add(
          new CandidateSolution(
              "antipodal pair of the others",
              LastFeature.DEDICATED,
              pairing(features, 0, 1, r),
              PhaseLosses.antipodalPair(p, 1, 1)));
    }
    candidates.add(
        new CandidateSolution(
            "antipodal pair with the last feature",
            LastFeature.SUPERPOSITION,
            pairing(features, 0, last, r),
            PhaseLosses.antipodalPair(p, 1, r)));
    return candidates;
  }

  private static AnalyticModel ignoring(int features, int ignored, double p, double r) {
    double[][] w = new double[features - 1][features];
    int row = 0;
    for (int i = 0; i < features; i++) {
      if (i != ignored) {
        w[row++][i] = 1;
      }
    }
    double[] bias = new double[features];
    bias[ignored] = p / 2;
    return model(w, bias, r);
  }

  private static AnalyticModel pairing(int features, int one, int other, double r) {
    double[][] w = new double[features - 1][features];
    w[0][one] = 1;
    w[0][other] = -1;
    int row = 1;
    for (int i = 0; i < features; i++) {
      if (i != one && i != other) {
        w[row++][i] = 1;
      }
    }
    return model(w, new double[features], r);
  }

  private static AnalyticModel model(double[][] w, double[] bias, double r) {
    double[] importance =
        IntStream.range(0, bias.length).mapToDouble(i -> i == bias.length - 1 ? r : 1).toArray();
    return new AnalyticModel(w, bias, importance, ToyActivation.RELU_OUTPUT);
  }
}
