package dev.circuitscope.circuits.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * By how much each head prefers its own token, at the source and before the source, by the weights:
 * the mean over tokens t of the score of t with itself, less the mean score of all pairs, of each
 * of the two keys that a smeared key is made of,
 *
 * <pre>
 * share (tr M / n - sum M / n^2),   M = W_E W_Q W_K^T W_E^T / sqrt(d_head), [n, n] tokens
 * </pre>
 *
 * <p>In a model of one layer with smeared keys (In-context Learning and Induction Heads, Argument
 * 2) a head with a large number for the key before is an induction head: it attends to what follows
 * earlier copies of its token. One with a large number for the own key attends to these copies
 * themselves. The units are nats of attention before the scales of normalisations, of which 1 /
 * scale divides each number once for the destination and once for the source.
 *
 * <pre>{@code
 * SmearedMatching matching = SmearedMatching.of(Circuits.of(model));
 * matching.previous().best();                         // L0H2
 * matching.previous().score(new Head(0, 2));          // 11.4
 * matching.own().score(new Head(0, 2));               // 0.9
 * }</pre>
 *
 * <p>Without smeared keys the key before has no share and scores 0. {@link
 * EigenvalueScores#qkMatching(Circuits, KeyPart, int, long)} is free of size, and says what random
 * heads have.
 *
 * @param own of the source's own key
 * @param previous of the key before it
 */
public record SmearedMatching(HeadScores own, HeadScores previous) {

  /**
   * Scores every head of a model.
   *
   * @param model to measure
   * @return the scores, normalisations' weights counted in
   */
  public static SmearedMatching of(Transformer model) {
    return of(Circuits.of(model));
  }

  /**
   * Scores every head.
   *
   * @param circuits of a model; {@link Circuits#of} folds its normalisations
   * @return the scores
   */
  public static SmearedMatching of(Circuits circuits) {
    int layers = circuits.model().config().nLayers();
    int heads = circuits.model().config().nHeads();
    double[][] preferences = new double[layers][heads];
    List<Head> all = circuits.heads();
    Blas.singleThreaded();
    Parallel.forEach(
        all.size(),
        i -> {
          Head head = all.get(i);
          preferences[head.layer()][head.head()] = preference(circuits, head);
        });
    return new SmearedMatching(
        scores(circuits, preferences, KeyPart.OWN),
        scores(circuits, preferences, KeyPart.PREVIOUS));
  }

  /**
   * The scores of one of the two keys.
   *
   * @param key which one
   * @return {@link #own} or {@link #previous}
   */
  public HeadScores of(KeyPart key) {
    return key == KeyPart.OWN ? own : previous;
  }

  /**
   * Renders both scores.
   *
   * @return an object
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.add("own", own.toJson());
    json.add("previous", previous.toJson());
    return json;
  }

  /** Both tables. */
  @Override
  public String toString() {
    return "%s%n%s".formatted(own, previous);
  }

  /** tr M / n - sum M / n^2, through the factors of M. */
  private static double preference(Circuits circuits, Head head) {
    FactoredMatrix qk = circuits.fullQk(head);
    // sum M / n^2 is the product of the mean query and the mean key
    INDArray query = qk.a().mean(0);
    INDArray key = qk.b().mean(1);
    double all = query.mul(key).sumNumber().doubleValue();
    return circuits.model().config().attention().scale() * (qk.trace() / qk.rows() - all);
  }

  private static HeadScores scores(Circuits circuits, double[][] preferences, KeyPart key) {
    double[][] values = new double[preferences.length][];
    for (int layer = 0; layer < values.length; layer++) {
      values[layer] = preferences[layer].clone();
      for (int h = 0; h < values[layer].length; h++) {
        double share = circuits.keyShare(new Head(layer, h), key);
        values[layer][h] = share == 0 ? 0 : share * values[layer][h];
      }
    }
    return HeadScores.ofWeights(
        "matching of the " + key.label(),
        "score of a token with itself above that of any two tokens, by the share of the "
            + key.label(),
        values,
        0,
        Provenance.ofWeights(circuits.model().config(), circuits.processing()));
  }
}
