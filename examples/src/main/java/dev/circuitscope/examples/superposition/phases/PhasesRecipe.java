package dev.circuitscope.examples.superposition.phases;

import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import dev.circuitscope.toymodels.superposition.ToyTraining;
import java.util.List;

/**
 * The phase diagrams that are trained: two features in one dimension, and three in two.
 *
 * @param cells along each side of a diagram
 * @param sparsest the least feature probability; the greatest is 1
 * @param importance r, the greatest relative importance of the last feature; the least is 1/r
 * @param restarts in every cell, of which the best is shown
 * @param training of each
 */
public record PhasesRecipe(
    int cells, double sparsest, double importance, int restarts, ToyTraining training) {

  /** The features of each diagram; there is one dimension less. */
  public static final List<Integer> FEATURES = List.of(2, 3);

  /**
   * The recipe of a scale. The standard one trains faster than the public notebook, by a higher
   * learning rate that falls to 0; the full one has a finer grid and the notebook's training.
   *
   * @param scale how much to do
   * @return the recipe
   */
  public static PhasesRecipe of(Scale scale) {
    return switch (scale) {
      case TINY ->
          new PhasesRecipe(4, 0.01, 10, 2, new ToyTraining(40, 32, 1e-2, ToySchedule.COSINE, 0.01));
      case STANDARD ->
          new PhasesRecipe(
              20, 0.01, 10, 5, new ToyTraining(4_000, 512, 1e-2, ToySchedule.COSINE, 0.01));
      case FULL -> new PhasesRecipe(40, 0.01, 10, 5, ToyTraining.DEFAULT);
    };
  }

  /**
   * The feature probabilities, evenly spaced on a logarithmic axis.
   *
   * @return p = 1 - S, dense first
   */
  public List<Double> probabilities() {
    return ToyConfig.logSpaced(1, sparsest, cells);
  }

  /**
   * The relative importances of the last feature, evenly spaced on a logarithmic axis.
   *
   * @return ascending
   */
  public List<Double> importances() {
    return ToyConfig.logSpaced(1 / importance, importance, cells);
  }
}
