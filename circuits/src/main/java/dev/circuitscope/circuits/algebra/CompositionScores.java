package dev.circuitscope.circuits.algebra;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The composition scores of all pairs of heads, and what random heads of the same shapes have (A
 * Mathematical Framework for Transformer Circuits, section "Composition Scores", which subtracts
 * the latter's mean).
 *
 * <pre>{@code
 * CompositionScores k = CompositionScores.of(Circuits.of(model), Composition.K, 7L);
 * HeadPair best = k.best();       // L0H2 -> L1H4
 * k.raw(best);                    // 0.21
 * k.adjusted(best);               // 0.16, above the mean of random heads
 * k.baseline().zScore(k.raw(best));
 * }</pre>
 *
 * @param kind which side of the later head reads
 * @param raw [layer][head][later layer][later head], as {@link Composition#scores}; 0 where the
 *     second is not in a later layer; copied in and out
 * @param baseline what random heads have
 * @param provenance the model's shape and what was done to its weights
 */
public record CompositionScores(
    Composition kind, double[][][][] raw, RandomSpread baseline, Provenance provenance) {

  private static final int SAMPLES = 100;
  private static final int SHOWN = 10;

  /**
   * Checks that there is a score for every pair of heads of the model.
   *
   * @param kind which side of the later head reads
   * @param raw [layer][head][later layer][later head]; copied
   * @param baseline what random heads have
   * @param provenance the model's shape and what was done to its weights
   * @throws IllegalArgumentException if there are scores of other numbers of heads
   */
  public CompositionScores {
    raw = copy(raw);
    int layers = provenance.model().nLayers();
    int heads = provenance.model().nHeads();
    boolean square = raw.length == layers;
    for (double[][][] layer : raw) {
      square &= layer.length == heads;
      for (double[][] head : layer) {
        square &= head.length == layers && Arrays.stream(head).allMatch(h -> h.length == heads);
      }
    }
    if (!square) {
      throw new IllegalArgumentException(
          "composition scores must be [%d][%d][%d][%d], one for each pair of heads"
              .formatted(layers, heads, layers, heads));
    }
  }

  /**
   * Scores all pairs of heads, against 100 random ones.
   *
   * @param circuits of the model
   * @param kind which side of the later head reads
   * @param seed of the random heads
   * @return the scores
   */
  public static CompositionScores of(Circuits circuits, Composition kind, long seed) {
    return of(circuits, kind, SAMPLES, seed);
  }

  /**
   * Scores all pairs of heads.
   *
   * @param circuits of the model
   * @param kind which side of the later head reads
   * @param samples pairs of random heads, at least 2
   * @param seed of the random heads
   * @return the scores
   * @throws IllegalArgumentException if there are fewer than 2 samples
   */
  public static CompositionScores of(Circuits circuits, Composition kind, int samples, long seed) {
    return new CompositionScores(
        kind,
        kind.scores(circuits),
        RandomCircuits.composition(circuits.model().config(), samples, seed),
        Provenance.ofWeights(circuits.model().config(), circuits.processing()));
  }

  /**
   * The scores as they are.
   *
   * @return [layer][head][later layer][later head], a copy; 0 where the second is not later
   */
  @Override
  public double[][][][] raw() {
    return copy(raw);
  }

  /**
   * The scores less the mean of random heads.
   *
   * @return [layer][head][later layer][later head], new; 0 where the second is not later
   */
  public double[][][][] adjusted() {
    double[][][][] adjusted = new double[raw.length][][][];
    for (int layer = 0; layer < raw.length; layer++) {
      adjusted[layer] = new double[raw[layer].length][raw.length][raw[layer].length];
    }
    for (HeadPair pair : pairs()) {
      Head first = pair.earlier();
      Head second = pair.later();
      adjusted[first.layer()][first.head()][second.layer()][second.head()] = adjusted(pair);
    }
    return adjusted;
  }

  /**
   * The score of a pair as it is.
   *
   * @param pair of heads of the model
   * @return from 0 to 1
   * @throws IllegalArgumentException if the model has no such heads
   */
  public double raw(HeadPair pair) {
    Head first = pair.earlier();
    Head second = pair.later();
    int heads = provenance.model().nHeads();
    if (second.layer() >= raw.length || first.head() >= heads || second.head() >= heads) {
      throw new IllegalArgumentException(
          "no composition of %s: the model has %d layers of %d heads"
              .formatted(pair, raw.length, heads));
    }
    return raw[first.layer()][first.head()][second.layer()][second.head()];
  }

  /**
   * The score of a pair less the mean of random heads.
   *
   * @param pair of heads of the model
   * @return negative if they compose less than random ones
   * @throws IllegalArgumentException if the model has no such heads
   */
  public double adjusted(HeadPair pair) {
    return raw(pair) - baseline.mean();
  }

  /**
   * All pairs, the highest score first, equal ones in the model's order.
   *
   * @return every pair once; none if the model has fewer than two layers
   */
  public List<HeadPair> ranking() {
    List<HeadPair> pairs = pairs();
    pairs.sort(Comparator.comparingDouble((HeadPair pair) -> -raw(pair)));
    return List.copyOf(pairs);
  }

  /**
   * The pair with the highest score.
   *
   * @return the first of them if several share it
   * @throws IllegalStateException if the model has fewer than two layers
   */
  public HeadPair best() {
    if (raw.length < 2) {
      throw new IllegalStateException(
          "a model of %d layers has no heads that read other heads".formatted(raw.length));
    }
    return ranking().get(0);
  }

  /**
   * Renders the result.
   *
   * @return an object; see {@link dev.circuitscope.core.io.Json#write} for files
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("score", kind + "-composition");
    JsonArray layers = new JsonArray();
    for (double[][][] layer : raw) {
      JsonArray heads = new JsonArray();
      Arrays.stream(layer).map(JsonNumbers::of).forEach(heads::add);
      layers.add(heads);
    }
    json.add("raw", layers);
    json.add("baseline", baseline.toJson());
    JsonArray best = new JsonArray();
    ranking().stream().limit(SHOWN).forEach(pair -> best.add(json(pair)));
    json.add("best", best);
    json.add("provenance", provenance.toJson());
    return json;
  }

  /** The pairs that compose most, over what random heads have and where the scores come from. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("%s-composition%n%-18s%8s%10s%9s".formatted(kind, "", "raw", "adjusted", "z"));
    ranking().stream()
        .limit(SHOWN)
        .forEach(
            pair ->
                text.append(
                    "%n%-18s%8.3f%10.3f%9.1f"
                        .formatted(pair, raw(pair), adjusted(pair), baseline.zScore(raw(pair)))));
    return text.append("%nbaseline %s%n%s".formatted(baseline, provenance)).toString();
  }

  private JsonObject json(HeadPair pair) {
    JsonObject json = new JsonObject();
    json.addProperty("earlier", pair.earlier().toString());
    json.addProperty("later", pair.later().toString());
    json.addProperty("raw", raw(pair));
    json.addProperty("adjusted", adjusted(pair));
    json.add("z", JsonNumbers.of(baseline.zScore(raw(pair))));
    return json;
  }

  private List<HeadPair> pairs() {
    int heads = provenance.model().nHeads();
    List<HeadPair> pairs = new ArrayList<>();
    for (int first = 0; first < raw.length * heads; first++) {
      for (int second = (first / heads + 1) * heads; second < raw.length * heads; second++) {
        pairs.add(
            new HeadPair(
                new Head(first / heads, first % heads), new Head(second / heads, second % heads)));
      }
    }
    return pairs;
  }

  private static double[][][][] copy(double[][][][] scores) {
    return Arrays.stream(scores)
        .map(
            layer ->
                Arrays.stream(layer)
                    .map(head -> Arrays.stream(head).map(double[]::clone).toArray(double[][]::new))
                    .toArray(double[][][]::new))
        .toArray(double[][][][]::new);
  }
}
