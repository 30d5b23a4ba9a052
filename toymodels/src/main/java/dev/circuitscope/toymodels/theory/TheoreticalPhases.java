package dev.circuitscope.toymodels.theory;

import com.google.gson.JsonObject;
import dev.circuitscope.core.Library;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.toymodels.geometry.Geometry;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * The theoretical phase diagram: which solution has the least expected loss, over the feature
 * probability and the relative importance of the last feature ("Toy Models of Superposition",
 * Elhage et al., 2022, section "Superposition as a Phase Change").
 *
 * <pre>{@code
 * var ps = ToyConfig.logSpaced(1, 0.01, 20);
 * var rs = ToyConfig.logSpaced(0.1, 10, 20);
 * var diagram = TheoreticalPhases.of(2, ps, rs);   // two features, one dimension
 * diagram.outcome(19, 10);                         // SUPERPOSITION
 * diagram.agreement(trained);                      // away from boundaries
 * }</pre>
 *
 * @param features n; the hidden space has n - 1 dimensions
 * @param probabilities p of each row
 * @param importances r of each column
 * @param outcomes [p][r] of the best solution; the first of equals
 * @param margins [p][r] how much more the best solution of another outcome loses, relative to its
 *     own loss: 0 on a boundary, at most 1; copied in and out
 * @param version of this library
 */
public record TheoreticalPhases(
    int features,
    List<Double> probabilities,
    List<Double> importances,
    List<List<LastFeature>> outcomes,
    double[][] margins,
    String version) {

  /**
   * Checks that there is an outcome and a margin for every cell.
   *
   * @param features n
   * @param probabilities p of each row
   * @param importances r of each column
   * @param outcomes [p][r]
   * @param margins [p][r]
   * @param version of this library
   * @throws IllegalArgumentException if there is not
   */
  public TheoreticalPhases {
    probabilities = List.copyOf(probabilities);
    importances = List.copyOf(importances);
    outcomes = outcomes.stream().map(List::copyOf).toList();
    requireGrid("outcomes", outcomes, probabilities.size(), importances.size());
    if (margins.length != probabilities.size()) {
      throw new IllegalArgumentException(
          "margins must have %d rows, was %d".formatted(probabilities.size(), margins.length));
    }
    margins = copy(margins);
  }

  private static void requireGrid(
      String what, List<List<LastFeature>> grid, int rows, int columns) {
    if (grid.size() != rows || grid.stream().anyMatch(row -> row.size() != columns)) {
      throw new IllegalArgumentException(
          "%s must be %d rows (p) of %d columns (r), was %d rows of %s"
              .formatted(
                  what,
                  rows,
                  columns,
                  grid.size(),
                  grid.stream().map(List::size).distinct().toList()));
    }
  }

  /**
   * The diagram of given axes.
   *
   * @param features n, 2 or 3, in n - 1 dimensions
   * @param probabilities p of each row, each in (0, 1]
   * @param importances r of each column, positive
   * @return the arg-min of {@link CandidateSolution}s in every cell
   * @throws IllegalArgumentException if an argument is out of range or an axis is empty
   */
  public static TheoreticalPhases of(
      int features, List<Double> probabilities, List<Double> importances) {
    return select(
        features, probabilities, importances, (p, r) -> CandidateSolution.of(features, p, r));
  }

  /**
   * The diagram without fixed norms and biases: the best of the minima of the exact loss that
   * descents from the candidates lead to. What a trained diagram approaches; seconds for 20 by 20
   * cells.
   *
   * @param features n, 2 or 3, in n - 1 dimensions
   * @param probabilities p of each row, each in (0, 1]
   * @param importances r of each column, positive
   * @return the arg-min of {@link ExactMinimum}s in every cell; the margin is 1 where no minimum of
   *     another outcome was found
   * @throws IllegalArgumentException if an argument is out of range or an axis is empty
   */
  public static TheoreticalPhases ofMinima(
      int features, List<Double> probabilities, List<Double> importances) {
    return select(features, probabilities, importances, (p, r) -> minima(features, p, r));
  }

  private static List<CandidateSolution> minima(int features, double p, double r) {
    return CandidateSolution.of(features, p, r).stream()
        .map(
            candidate -> {
              ExactMinimum minimum = ExactMinimum.from(tilted(candidate.model()), p);
              LastFeature outcome = LastFeature.of(Geometry.of(minimum.model().weights()));
              return new CandidateSolution(
                  candidate.name(), outcome, minimum.model(), minimum.total());
            })
        .toList();
  }

  /** A little off the candidate, which may be a saddle point by its symmetry. */
  private static AnalyticModel tilted(AnalyticModel model) {
    double[][] w = model.weights();
    for (int k = 0; k < w.length; k++) {
      for (int i = 0; i < w[k].length; i++) {
        w[k][i] += 0.02 * Math.cos(1 + 2 * k + 3 * i);
      }
    }
    return new AnalyticModel(w, model.bias(), model.importance(), model.activation());
  }

  private static TheoreticalPhases select(
      int features,
      List<Double> probabilities,
      List<Double> importances,
      BiFunction<Double, Double, List<CandidateSolution>> solutions) {
    int rows = probabilities.size();
    int columns = importances.size();
    if (rows == 0 || columns == 0) {
      throw new IllegalArgumentException(
          "a phase diagram needs at least one p and one r, was %d and %d".formatted(rows, columns));
    }
    LastFeature[][] outcomes = new LastFeature[rows][columns];
    double[][] margins = new double[rows][columns];
    Parallel.forEach(
        rows * columns,
        cell -> {
          int row = cell / columns;
          int column = cell % columns;
          List<CandidateSolution> candidates =
              solutions.apply(probabilities.get(row), importances.get(column));
          CandidateSolution best =
              candidates.stream()
                  .min(Comparator.comparingDouble(CandidateSolution::loss))
                  .orElseThrow();
          outcomes[row][column] = best.outcome();
          margins[row][column] =
              candidates.stream()
                  .filter(candidate -> candidate.outcome() != best.outcome())
                  .mapToDouble(CandidateSolution::loss)
                  .min()
                  .stream()
                  .map(other -> (other - best.loss()) / other)
                  .findFirst()
                  .orElse(1);
        });
    return new TheoreticalPhases(
        features,
        probabilities,
        importances,
        Arrays.stream(outcomes).map(List::of).toList(),
        margins,
        Library.version());
  }

  private static double[][] copy(double[][] rows) {
    double[][] copy = new double[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }

  /**
   * How clearly each cell is decided.
   *
   * @return [p][r], a copy
   */
  @Override
  public double[][] margins() {
    return copy(margins);
  }

  /**
   * The outcome of a cell.
   *
   * @param row of the probability
   * @param column of the importance
   * @return what becomes of the last feature
   * @throws IndexOutOfBoundsException if there is no such cell
   */
  public LastFeature outcome(int row, int column) {
    return outcomes.get(row).get(column);
  }

  /**
   * Whether a cell has another outcome than one of the eight around it.
   *
   * @param row of the probability
   * @param column of the importance
   * @return true if it is next to a boundary
   * @throws IndexOutOfBoundsException if there is no such cell
   */
  public boolean onBoundary(int row, int column) {
    LastFeature here = outcome(row, column);
    for (int r = Math.max(0, row - 1); r <= Math.min(row + 1, outcomes.size() - 1); r++) {
      for (int c = Math.max(0, column - 1);
          c <= Math.min(column + 1, importances.size() - 1);
          c++) {
        if (outcome(r, c) != here) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * How often other outcomes, such as those of trained models, are the same, away from boundaries.
   *
   * @param found [p][r], of the same axes
   * @return the share of equal cells among those that are not {@link #onBoundary}; NaN if all are
   * @throws IllegalArgumentException if {@code found} has another shape
   */
  public double agreement(List<List<LastFeature>> found) {
    requireGrid("outcomes to compare", found, probabilities.size(), importances.size());
    int cells = 0;
    int equal = 0;
    for (int row = 0; row < found.size(); row++) {
      for (int column = 0; column < importances.size(); column++) {
        if (!onBoundary(row, column)) {
          cells++;
          equal += found.get(row).get(column) == outcome(row, column) ? 1 : 0;
        }
      }
    }
    return (double) equal / cells;
  }

  /**
   * Axes, outcomes and margins as JSON.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject object = Json.of(this);
    object.addProperty("hidden", features - 1);
    return object;
  }

  /**
   * The diagram in letters: a line per probability, a letter per importance; {@code .} not learned,
   * {@code D} dedicated, {@code S} superposition.
   *
   * @return several lines
   */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "last of %d features in %d dimensions, relative importance %.3g to %.3g%n",
                features,
                features - 1,
                importances.get(0),
                importances.get(importances.size() - 1)));
    for (int row = 0; row < outcomes.size(); row++) {
      text.append(String.format(Locale.ROOT, "p %8.4f  ", probabilities.get(row)));
      for (LastFeature outcome : outcomes.get(row)) {
        text.append(
            switch (outcome) {
              case NOT_LEARNED -> '.';
              case DEDICATED -> 'D';
              case SUPERPOSITION -> 'S';
            });
      }
      text.append(System.lineSeparator());
    }
    return text.toString();
  }
}
