package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.toymodels.geometry.SetGeometry;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;

/**
 * Models of features that are not all alike.
 *
 * @param recipe what was trained
 * @param correlated two correlated pairs in two dimensions
 * @param anticorrelated two anticorrelated pairs in two dimensions
 * @param pairs three correlated pairs in two dimensions, over p
 * @param bases two correlated sets of ten in ten dimensions, over p
 * @param polygons five features in two dimensions, of which one is rarer or more frequent
 * @param branches the exact losses of the two solutions that compete for them
 * @param seconds of training
 */
public record StructureResult(
    StructureRecipe recipe,
    ToyResults correlated,
    ToyResults anticorrelated,
    ToyResults pairs,
    ToyResults bases,
    List<PolygonCell> polygons,
    PolygonBranches branches,
    double seconds) {

  /**
   * Copies the list.
   *
   * @param recipe what was trained
   * @param correlated two correlated pairs in two dimensions
   * @param anticorrelated two anticorrelated pairs in two dimensions
   * @param pairs three correlated pairs in two dimensions, over p
   * @param bases two correlated sets of ten in ten dimensions, over p
   * @param polygons five features in two dimensions, of which one is rarer or more frequent
   * @param branches the exact losses of the two solutions that compete for them
   * @param seconds of training
   */
  public StructureResult {
    polygons = List.copyOf(polygons);
  }

  /**
   * The seed of weights and data.
   *
   * @return that of the first training
   */
  public long seed() {
    return correlated.config().seed();
  }

  /**
   * The best run of those results at a probability of the recipe.
   *
   * @param results of several probabilities
   * @param p one of them
   * @return its best run
   */
  static ToyRun at(ToyResults results, double p) {
    return results.best(results.config().featureProbabilities().indexOf(p));
  }

  static SetGeometry sets(ToyRun run, int size) {
    return SetGeometry.of(run.geometry(), size);
  }
}
