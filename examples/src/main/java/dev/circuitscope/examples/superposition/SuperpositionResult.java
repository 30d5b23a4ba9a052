package dev.circuitscope.examples.superposition;

import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;

/**
 * Toy models over a range of sparsities.
 *
 * @param recipe what was trained
 * @param results of every restart
 * @param seconds of training
 */
public record SuperpositionResult(Recipe.Toy recipe, ToyResults results, double seconds) {

  /**
   * The best restart of every feature probability.
   *
   * @return in the order of the probabilities
   */
  public List<ToyRun> best() {
    return results.best();
  }

  /**
   * The number of features that are represented at each feature probability.
   *
   * @return in the order of the probabilities
   */
  public int[] kept() {
    return best().stream().map(ToyRun::geometry).mapToInt(Geometry::featuresKept).toArray();
  }

  /**
   * The best run of the densest features.
   *
   * @return p of the first probability
   */
  public ToyRun densest() {
    return best().get(0);
  }

  /**
   * The best run of the sparsest features.
   *
   * @return p of the last probability
   */
  public ToyRun sparsest() {
    return best().get(best().size() - 1);
  }
}
