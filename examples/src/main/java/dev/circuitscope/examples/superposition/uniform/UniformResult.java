package dev.circuitscope.examples.superposition.uniform;

import dev.circuitscope.toymodels.superposition.ToyResults;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Models with features of equal importance over sparsities.
 *
 * @param recipe what was trained
 * @param results of the training
 * @param rows one per sparsity, in order
 * @param seconds of training
 */
public record UniformResult(
    UniformRecipe recipe, ToyResults results, List<UniformRow> rows, double seconds) {

  /**
   * Copies the rows.
   *
   * @param recipe what was trained
   * @param results of the training
   * @param rows one per sparsity, in order
   * @param seconds of training
   */
  public UniformResult {
    rows = List.copyOf(rows);
  }

  static UniformResult of(UniformRecipe recipe, ToyResults results, double seconds) {
    List<UniformRow> rows =
        IntStream.range(0, recipe.sparsities().size())
            .mapToObj(i -> UniformRow.of(recipe.sparsities().get(i), results.best(i)))
            .toList();
    return new UniformResult(recipe, results, rows, seconds);
  }

  /**
   * The row whose sparsity is nearest to one, as a ratio.
   *
   * @param sparsity 1/(1 - S)
   * @return the nearest row
   */
  public UniformRow nearest(double sparsity) {
    UniformRow nearest = rows.get(0);
    for (UniformRow row : rows) {
      if (distance(row, sparsity) < distance(nearest, sparsity)) {
        nearest = row;
      }
    }
    return nearest;
  }

  private static double distance(UniformRow row, double sparsity) {
    return Math.abs(Math.log(row.sparsity() / sparsity));
  }

  /**
   * How far the sparsity has to rise for D* to pass from 10% above a level to 10% below it, from
   * the straight lines between the measured points on logarithmic axes.
   *
   * @param level of D*
   * @return the logarithm of the factor on 1/(1 - S); NaN if D* does not pass both ends
   */
  public double width(double level) {
    return passes(0.9 * level) - passes(1.1 * level);
  }

  /** Where D* first falls below a level: ln 1/(1 - S). */
  private double passes(double level) {
    for (int i = 1; i < rows.size(); i++) {
      double before = rows.get(i - 1).geometry().dimensionsPerFeature();
      double after = rows.get(i).geometry().dimensionsPerFeature();
      if (before >= level && after < level) {
        double share = Math.log(before / level) / Math.log(before / after);
        double from = Math.log(rows.get(i - 1).sparsity());
        return from + share * (Math.log(rows.get(i).sparsity()) - from);
      }
    }
    return Double.NaN;
  }
}
