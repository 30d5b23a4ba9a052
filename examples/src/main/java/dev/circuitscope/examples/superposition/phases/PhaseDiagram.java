package dev.circuitscope.examples.superposition.phases;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.circuitscope.core.sweep.SweepResults;
import dev.circuitscope.toymodels.theory.LastFeature;
import dev.circuitscope.toymodels.theory.TheoreticalPhases;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * A trained phase diagram beside the theoretical one.
 *
 * @param theory the arg-min of fixed solutions, [p][importance]
 * @param cells the best model of each cell, in the order of the theory's rows
 * @param seconds that the training took
 */
public record PhaseDiagram(TheoreticalPhases theory, SweepResults<PhaseRow> cells, double seconds) {

  /**
   * Checks that both have the same number of cells.
   *
   * @param theory [p][importance]
   * @param cells in the same order
   * @param seconds of training
   */
  public PhaseDiagram {
    int expected = theory.probabilities().size() * theory.importances().size();
    if (cells.cells().size() != expected) {
      throw new IllegalArgumentException(
          "a phase diagram of %d cells was trained on %d"
              .formatted(expected, cells.cells().size()));
    }
  }

  /**
   * The number of features.
   *
   * @return n; there are n - 1 dimensions
   */
  public int features() {
    return theory.features();
  }

  /**
   * The best model of a cell.
   *
   * @param p index of the feature probability
   * @param importance index of the importance
   * @return its row
   */
  public PhaseRow cell(int p, int importance) {
    return cells.cells().get(p * theory.importances().size() + importance).get();
  }

  /**
   * What became of the last feature in training.
   *
   * @return [p][importance]
   */
  public List<List<LastFeature>> outcomes() {
    List<List<LastFeature>> outcomes = new ArrayList<>();
    for (int p = 0; p < theory.probabilities().size(); p++) {
      List<LastFeature> row = new ArrayList<>();
      for (int r = 0; r < theory.importances().size(); r++) {
        row.add(cell(p, r).outcome());
      }
      outcomes.add(row);
    }
    return outcomes;
  }

  /**
   * The share of cells with the theoretical outcome, away from boundaries.
   *
   * @return from 0 to 1; NaN if all cells are on boundaries
   */
  public double agreement() {
    return theory.agreement(outcomes());
  }

  /** The agreement as a percentage with a decimal, so that only 1 is 100%. */
  String agreementText() {
    return String.format(Locale.ROOT, "%.1f%%", 100 * agreement());
  }

  /**
   * The number of cells that {@link #agreement} looks at.
   *
   * @return those that are not on a boundary
   */
  public int inside() {
    int inside = 0;
    for (int p = 0; p < theory.probabilities().size(); p++) {
      for (int r = 0; r < theory.importances().size(); r++) {
        inside += theory.onBoundary(p, r) ? 0 : 1;
      }
    }
    return inside;
  }

  /**
   * How many cells ended differently than the theory has it, away from boundaries.
   *
   * @return at most {@link #inside}
   */
  public int wrong() {
    double agreement = agreement();
    return Double.isNaN(agreement) ? 0 : (int) Math.round((1 - agreement) * inside());
  }

  /**
   * The share of cells of one feature probability in which the last feature is in superposition.
   *
   * @param p index of the feature probability
   * @return from 0 to 1
   */
  public double superposed(int p) {
    List<LastFeature> row = outcomes().get(p);
    long count = row.stream().filter(LastFeature.SUPERPOSITION::equals).count();
    return (double) count / row.size();
  }

  /**
   * Everything but the models.
   *
   * @return both diagrams, norms, overlaps and losses
   */
  JsonObject toJson() {
    Gson gson = new Gson();
    JsonObject json = new JsonObject();
    json.add("theory", theory.toJson());
    json.add("outcomes", gson.toJsonTree(outcomes()));
    json.add("norms", gson.toJsonTree(numbers(PhaseRow::norm)));
    json.add("shared", gson.toJsonTree(numbers(PhaseRow::shared)));
    json.add("losses", gson.toJsonTree(numbers(PhaseRow::loss)));
    json.addProperty("cells_away_from_boundaries", inside());
    json.addProperty("different_there", wrong());
    json.addProperty("training_seconds", seconds);
    return json;
  }

  /** [p][importance] of a number. */
  double[][] numbers(ToDoubleFunction<PhaseRow> number) {
    double[][] numbers = new double[theory.probabilities().size()][theory.importances().size()];
    for (int p = 0; p < numbers.length; p++) {
      for (int r = 0; r < numbers[p].length; r++) {
        numbers[p][r] = number.applyAsDouble(cell(p, r));
      }
    }
    return numbers;
  }
}
