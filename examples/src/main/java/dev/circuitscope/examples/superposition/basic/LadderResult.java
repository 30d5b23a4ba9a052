package dev.circuitscope.examples.superposition.basic;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;

/**
 * Models of one shape over sparsities.
 *
 * @param ladder what was trained
 * @param relu the models with a ReLU at their output
 * @param linear those without
 */
public record LadderResult(BasicRecipe.Ladder ladder, ToyResults relu, ToyResults linear) {

  /**
   * How many features are kept, or not kept, against the order of importance: 0 if exactly the m
   * most important ones are kept.
   *
   * @param run of this shape
   * @return the number of such features
   */
  public int outOfOrder(ToyRun run) {
    double[] norms = run.geometry().norms();
    int out = 0;
    for (int i = 0; i < norms.length; i++) {
      out += norms[i] > Geometry.KEPT_NORM == i < ladder.hidden() ? 0 : 1;
    }
    return out;
  }

  /**
   * The run whose feature probability is nearest to a number.
   *
   * @param runs of all probabilities
   * @param p which
   * @return on a scale of factors
   */
  static ToyRun at(List<ToyRun> runs, double p) {
    ToyRun nearest = runs.get(0);
    for (ToyRun run : runs) {
      if (distance(run, p) < distance(nearest, p)) {
        nearest = run;
      }
    }
    return nearest;
  }

  private static double distance(ToyRun run, double p) {
    return Math.abs(Math.log(run.featureProbability() / p));
  }
}
