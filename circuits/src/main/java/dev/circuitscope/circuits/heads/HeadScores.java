package dev.circuitscope.circuits.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * One number for every head of a model, with its error and what it was measured on.
 *
 * <pre>{@code
 * HeadScores induction = InductionScores.of(model, 7L);
 * Head best = induction.best();                 // L1H4
 * double score = induction.score(best);         // 0.93
 * double[][] grid = induction.values();         // [layer][head]
 * }</pre>
 *
 * @param name short, for titles and files
 * @param definition what the number is, in a sentence
 * @param values [layer][head]; copied in and out
 * @param standardErrors [layer][head], over sequences; NaN when there are not several; copied in
 *     and out
 * @param chance what a head without the property would get, such as one that attends to all
 *     positions up to its own alike
 * @param samples sequences that the score is a mean over; 0 for a score of the weights
 * @param provenance the model's shape and the sequences
 */
public record HeadScores(
    String name,
    String definition,
    double[][] values,
    double[][] standardErrors,
    double chance,
    int samples,
    Provenance provenance) {

  /**
   * Checks that there is a finite score for every head of the model.
   *
   * @param name short, for titles and files
   * @param definition what the number is, in a sentence
   * @param values [layer][head]; copied in and out
   * @param standardErrors [layer][head], over sequences; NaN when there are not several; copied
   * @param chance what a head without the property would get
   * @param samples sequences that the score is a mean over; 0 for a score of the weights
   * @param provenance the model's shape and the sequences
   * @throws IllegalArgumentException if a grid has another shape than the model's heads, or a score
   *     is not finite
   */
  public HeadScores {
    values = copy(values);
    standardErrors = copy(standardErrors);
    int layers = provenance.model().nLayers();
    int heads = provenance.model().nHeads();
    requireGrid(name, "values", values, layers, heads);
    requireGrid(name, "standard errors", standardErrors, layers, heads);
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < heads; head++) {
        if (!Double.isFinite(values[layer][head])) {
          throw new IllegalArgumentException(
              "the %s score of %s is %s; the model's attention is not finite, check its weights"
                  .formatted(name, new Head(layer, head), values[layer][head]));
        }
      }
    }
  }

  /**
   * Scores that follow from the weights alone, without error.
   *
   * @param name short, for titles and files
   * @param definition what the number is, in a sentence
   * @param values [layer][head]; copied
   * @param chance what a head without the property would get
   * @param provenance the model's shape
   * @return the scores
   * @throws IllegalArgumentException if a score is missing or not finite
   */
  public static HeadScores ofWeights(
      String name, String definition, double[][] values, double chance, Provenance provenance) {
    double[][] none = copy(values);
    Arrays.stream(none).forEach(row -> Arrays.fill(row, Double.NaN));
    return new HeadScores(name, definition, values, none, chance, 0, provenance);
  }

  /**
   * The scores, ready for a grid of heads.
   *
   * @return [layer][head], a copy
   */
  @Override
  public double[][] values() {
    return copy(values);
  }

  /**
   * The standard errors of the scores.
   *
   * @return [layer][head], a copy; NaN when there was one sequence
   */
  @Override
  public double[][] standardErrors() {
    return copy(standardErrors);
  }

  /**
   * The score of a head.
   *
   * @param layer from 0
   * @param head from 0
   * @return the score
   * @throws IllegalArgumentException if the model has no such head
   */
  public double score(int layer, int head) {
    return score(new Head(layer, head));
  }

  /**
   * The score of a head.
   *
   * @param head of the model
   * @return the score
   * @throws IllegalArgumentException if the model has no such head
   */
  public double score(Head head) {
    return at(values, head);
  }

  /**
   * The standard error of a head's score.
   *
   * @param head of the model
   * @return over sequences; NaN when there was one
   * @throws IllegalArgumentException if the model has no such head
   */
  public double standardError(Head head) {
    return at(standardErrors, head);
  }

  /**
   * The head with the highest score.
   *
   * @return the first of them if several share it
   * @throws IllegalStateException if the model has no heads
   */
  public Head best() {
    List<Head> ranking = ranking();
    if (ranking.isEmpty()) {
      throw new IllegalStateException("a model of 0 layers has no best head");
    }
    return ranking.get(0);
  }

  /**
   * All heads, the highest score first, equal ones in the model's order.
   *
   * @return every head once
   */
  public List<Head> ranking() {
    List<Head> heads = new ArrayList<>();
    for (int layer = 0; layer < values.length; layer++) {
      for (int head = 0; head < values[layer].length; head++) {
        heads.add(new Head(layer, head));
      }
    }
    heads.sort(Comparator.comparingDouble((Head h) -> -at(values, h)));
    return List.copyOf(heads);
  }

  /**
   * Renders the result.
   *
   * @return an object; see {@link dev.circuitscope.core.io.Json#write} for files
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("score", name);
    json.addProperty("definition", definition);
    json.add("values", JsonNumbers.of(values));
    json.add("standard_errors", JsonNumbers.of(standardErrors));
    json.addProperty("chance", chance);
    json.addProperty("samples", samples);
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** A table of layers by heads, under what it shows and over where it comes from. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("%s: %s%n    ".formatted(name, definition));
    for (int head = 0; head < provenance.model().nHeads(); head++) {
      text.append("%8s".formatted("H" + head));
    }
    for (int layer = 0; layer < values.length; layer++) {
      text.append("%n%-4s".formatted("L" + layer));
      for (double value : values[layer]) {
        text.append("%8.3f".formatted(value));
      }
    }
    if (values.length > 0) {
      Head best = best();
      text.append(
          "%nbest %s %.3f%s; chance %.3f"
              .formatted(
                  best,
                  score(best),
                  Double.isNaN(standardError(best))
                      ? ""
                      : " +- %.3f".formatted(standardError(best)),
                  chance));
    }
    return text.append("%n%s".formatted(provenance)).toString();
  }

  private double at(double[][] grid, Head head) {
    if (head.layer() >= grid.length || head.head() >= grid[head.layer()].length) {
      throw new IllegalArgumentException(
          "no %s score of %s: the model has %d layers of %d heads"
              .formatted(name, head, grid.length, provenance.model().nHeads()));
    }
    return grid[head.layer()][head.head()];
  }

  private static void requireGrid(
      String name, String what, double[][] grid, int layers, int heads) {
    if (grid.length != layers || Arrays.stream(grid).anyMatch(row -> row.length != heads)) {
      throw new IllegalArgumentException(
          "%s of the %s score must be [%d layers][%d heads], were %s"
              .formatted(
                  what,
                  name,
                  layers,
                  heads,
                  Arrays.toString(Arrays.stream(grid).mapToInt(row -> row.length).toArray())));
    }
  }

  private static double[][] copy(double[][] grid) {
    return Arrays.stream(grid).map(double[]::clone).toArray(double[][]::new);
  }
}
