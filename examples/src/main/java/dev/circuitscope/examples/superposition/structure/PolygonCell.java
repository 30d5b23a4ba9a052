package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.IndependentFeatures;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import dev.circuitscope.toymodels.theory.ExactMinimum;
import java.util.Arrays;

/**
 * Five features in two dimensions, of which the first is active with its own probability.
 *
 * @param factor the first feature's probability, relative to the others'
 * @param results of the training
 * @param best the restart with the lowest exact loss
 * @param loss of that restart, exactly: the mean over features
 */
public record PolygonCell(double factor, ToyResults results, ToyRun best, double loss) {

  static final int FEATURES = 5;

  /** What the five features do. */
  public enum Shape {
    /** All five share the plane. */
    PENTAGON,
    /** Four are two antipodal pairs, the first is not stored. */
    DIGONS,
    /** Anything else. */
    OTHER
  }

  static PolygonCell of(double factor, double p, ToyResults results) {
    ToyRun best = null;
    double least = Double.POSITIVE_INFINITY;
    for (ToyRun run : results.runs()) {
      AnalyticModel model = AnalyticModel.of(run.model(), results.config().importance());
      double loss = ExactMinimum.loss(model, probabilities(factor, p)) / FEATURES;
      if (best == null || loss < least) {
        best = run;
        least = loss;
      }
    }
    return new PolygonCell(factor, results, best, least);
  }

  static double[] probabilities(double factor, double p) {
    double[] each = new double[FEATURES];
    Arrays.fill(each, p);
    each[0] = factor * p;
    return each;
  }

  static IndependentFeatures distribution(double factor, double p) {
    return IndependentFeatures.of(probabilities(factor, p));
  }

  /**
   * What the best run's features do.
   *
   * @return its shape
   */
  public Shape shape() {
    var geometry = best.geometry();
    if (geometry.featuresKept() == FEATURES) {
      return Shape.PENTAGON;
    }
    Integer digons = InterferenceGraph.of(geometry).counts().get(RegularFigure.DIGON.toString());
    boolean firstUnstored = geometry.norms()[0] < geometry.norms()[1] / 2;
    return digons != null && digons == 2 && firstUnstored ? Shape.DIGONS : Shape.OTHER;
  }

  /**
   * The length of the first feature's column.
   *
   * @return ||W_0|| of the best run
   */
  public double firstNorm() {
    return best.geometry().norms()[0];
  }

  /**
   * The angle between the first feature and the nearest of the others.
   *
   * @return in degrees; 72 in a regular pentagon
   */
  public double angleToNeighbour() {
    var geometry = best.geometry();
    double nearest = -1;
    for (int i = 1; i < FEATURES; i++) {
      nearest = Math.max(nearest, geometry.cosine(0, i));
    }
    return Math.toDegrees(Math.acos(Math.min(1, nearest)));
  }
}
