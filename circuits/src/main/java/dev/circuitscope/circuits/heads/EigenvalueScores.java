package dev.circuitscope.circuits.heads;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.Eigenvalues;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.algebra.RandomCircuits;
import dev.circuitscope.circuits.algebra.RandomSpread;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * How much each head copies, or looks for its own token, by its weights: sum of lambda over sum of
 * |lambda| for the eigenvalues of a circuit from tokens to tokens, from -1 to 1 (A Mathematical
 * Framework for Transformer Circuits, section "Summarizing OV/QK Matrices"); and what random heads
 * have.
 *
 * <pre>{@code
 * EigenvalueScores copying = EigenvalueScores.ovCopying(Circuits.of(model), 100, 7L);
 * copying.scores().best();                 // L1H4
 * copying.zScore(new Head(1, 4));          // 9.3
 * copying.beyondChance(0.01);              // [L1H4, L1H0]
 * }</pre>
 *
 * <p>{@link Circuits#of} counts the normalisations' weights in; {@link Circuits#asStored} gives
 * TransformerLens's numbers.
 *
 * @param scores of every head; 0 by chance
 * @param random scores of heads of random weights
 */
public record EigenvalueScores(HeadScores scores, RandomSpread random) {

  /**
   * How much each head copies: of its full OV circuit W_E W_V W_O W_U. 1 is a head that raises the
   * logit of whatever it attends to, -1 one that lowers it.
   *
   * @param circuits of a model that predicts the tokens that it reads
   * @param samples random heads, at least 2; a level of 0.01 needs 99
   * @param seed of the random heads
   * @return the scores
   * @throws IllegalArgumentException if the model predicts another vocabulary, or there are too few
   *     samples
   */
  public static EigenvalueScores ovCopying(Circuits circuits, int samples, long seed) {
    return new EigenvalueScores(
        scores(
            circuits,
            "OV copying",
            "sum of the eigenvalues of W_E W_V W_O W_U over the sum of their magnitudes",
            circuits::ovEigenvalues),
        RandomCircuits.ovPositivity(circuits.model().config(), samples, seed));
  }

  /**
   * How much each head looks for the token that it stands on: of its full QK circuit W_E W_Q W_K^T
   * W_E^T, at distance 0 with rotary positions.
   *
   * @param circuits of a model
   * @param samples random heads, at least 2; a level of 0.01 needs 99
   * @param seed of the random heads
   * @return the scores
   * @throws IllegalArgumentException if there are too few samples
   */
  public static EigenvalueScores qkMatching(Circuits circuits, int samples, long seed) {
    return new EigenvalueScores(
        scores(
            circuits,
            "QK matching",
            "sum of the eigenvalues of W_E W_Q W_K^T W_E^T over the sum of their magnitudes",
            circuits::qkEigenvalues),
        RandomCircuits.qkPositivity(circuits.model().config(), samples, seed));
  }

  /**
   * How much each head looks for its own token in one of the two keys of a smeared key. In a model
   * of one layer heads whose {@link KeyPart#PREVIOUS} keys match are induction heads (In-context
   * Learning and Induction Heads, Argument 2). The score is free of size: both parts have that of
   * {@link #qkMatching(Circuits, int, long)}, or 0 without a share. {@link SmearedMatching} has the
   * sizes.
   *
   * @param circuits of a model
   * @param key which one; without smeared keys the key before scores 0
   * @param samples random heads, at least 2; a level of 0.01 needs 99
   * @param seed of the random heads
   * @return the scores
   * @throws IllegalArgumentException if there are too few samples
   */
  public static EigenvalueScores qkMatching(
      Circuits circuits, KeyPart key, int samples, long seed) {
    return new EigenvalueScores(
        scores(
            circuits,
            "QK matching, " + key.label(),
            "sum of the eigenvalues of the share of the %s in W_E W_Q W_K^T W_E^T over the sum of their magnitudes"
                .formatted(key.label()),
            head -> circuits.qkEigenvalues(head, key)),
        RandomCircuits.qkPositivity(circuits.model().config(), samples, seed));
  }

  /**
   * How many deviations of random heads a head is above their mean.
   *
   * @param head of the model
   * @return see {@link RandomSpread#zScore}
   * @throws IllegalArgumentException if the model has no such head
   */
  public double zScore(Head head) {
    return random.zScore(scores.score(head));
  }

  /**
   * How likely a random head comes as high.
   *
   * @param head of the model
   * @return see {@link RandomSpread#pValue}
   * @throws IllegalArgumentException if the model has no such head
   */
  public double pValue(Head head) {
    return random.pValue(scores.score(head));
  }

  /**
   * Whether a head is higher than chance would explain.
   *
   * @param head of the model
   * @param level how often a random head may come as high, such as 0.01
   * @return see {@link RandomSpread#isBeyond}
   * @throws IllegalArgumentException if the model has no such head, or there are too few samples
   *     for the level
   */
  public boolean beyondChance(Head head, double level) {
    return random.isBeyond(scores.score(head), level);
  }

  /**
   * The heads that are higher than chance would explain, each by itself: of many random heads this
   * share would be here too.
   *
   * @param level how often a random head may come as high, such as 0.01
   * @return the highest first
   * @throws IllegalArgumentException if there are too few samples for the level
   */
  public List<Head> beyondChance(double level) {
    return scores.ranking().stream().filter(head -> beyondChance(head, level)).toList();
  }

  /**
   * Renders the result.
   *
   * @return the scores' object with the spread of random heads and a p-value for each head
   */
  public JsonObject toJson() {
    JsonObject json = scores.toJson();
    json.add("random", random.toJson());
    JsonArray pValues = new JsonArray();
    double[][] values = scores.values();
    for (double[] layer : values) {
      JsonArray row = new JsonArray();
      Arrays.stream(layer).map(random::pValue).forEach(row::add);
      pValues.add(row);
    }
    json.add("p_values", pValues);
    return json;
  }

  /** The scores' table, over what random heads have. */
  @Override
  public String toString() {
    return "%s%nrandom heads %s".formatted(scores, random);
  }

  private static HeadScores scores(
      Circuits circuits, String name, String definition, Function<Head, Eigenvalues> eigenvalues) {
    int layers = circuits.model().config().nLayers();
    int heads = circuits.model().config().nHeads();
    double[][] values = new double[layers][heads];
    List<Head> all = circuits.heads();
    if (!all.isEmpty()) {
      // the products that all heads share are made by all threads, before each goes its way
      eigenvalues.apply(all.get(0));
    }
    Parallel.forEach(
        all.size(),
        i -> {
          Head head = all.get(i);
          values[head.layer()][head.head()] = eigenvalues.apply(head).positivity();
        });
    return HeadScores.ofWeights(
        name,
        definition,
        values,
        0,
        Provenance.ofWeights(circuits.model().config(), circuits.processing()));
  }
}
