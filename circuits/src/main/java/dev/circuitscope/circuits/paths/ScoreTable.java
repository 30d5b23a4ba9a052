package dev.circuitscope.circuits.paths;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.circuits.heads.AttentionTargets;
import dev.circuitscope.circuits.sampling.JsonNumbers;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How much each pair of paths contributes to a head's attention scores. All numbers are of scores
 * less their mean over the sources of a destination, which the softmax does not see.
 *
 * <pre>{@code
 * ScoreTable table = ScoreExpansion.of(run, head).table(targets);
 * table.preferences();                       // [query part][key part], ready for a heat map
 * ScoreTerm strongest = table.ranking().get(0);
 * }</pre>
 *
 * @param head whose scores
 * @param queryParts what the queries are the sum of
 * @param keyParts what the keys are the sum of
 * @param norms [query part][key part] root mean squares
 * @param shares [query part][key part] of all scores, {@code <term, S> / <S, S>}; they sum to 1
 * @param preferences [query part][key part] means over the targets; NaN if none were given
 * @param totalNorm of all scores
 * @param totalPreference of all scores, what preferences sum to
 * @param provenance the model's shape and the sequences; of several sequences the numbers are means
 */
public record ScoreTable(
    Head head,
    List<ScorePart> queryParts,
    List<ScorePart> keyParts,
    double[][] norms,
    double[][] shares,
    double[][] preferences,
    double totalNorm,
    double totalPreference,
    Provenance provenance) {

  private static final int ROWS = 12;

  /**
   * Copies lists and numbers.
   *
   * @param head whose scores
   * @param queryParts what the queries are the sum of
   * @param keyParts what the keys are the sum of
   * @param norms [query part][key part] root mean squares
   * @param shares [query part][key part] of all scores
   * @param preferences [query part][key part] means over the targets; NaN if none were given
   * @param totalNorm of all scores
   * @param totalPreference of all scores
   * @param provenance the model's shape and the sequences
   */
  public ScoreTable {
    queryParts = List.copyOf(queryParts);
    keyParts = List.copyOf(keyParts);
    norms = HeadSetImportance.copy(norms);
    shares = HeadSetImportance.copy(shares);
    preferences = HeadSetImportance.copy(preferences);
  }

  /**
   * Expands the scores of many sequences and averages each term's numbers over them.
   *
   * @param runs of the sequences
   * @param head whose scores
   * @param options how far and from which sources
   * @param targets where the head is to attend
   * @return the table
   * @throws IllegalArgumentException if a sequence has no target
   */
  public static ScoreTable mean(
      FrozenRuns runs, Head head, ScoreOptions options, AttentionTargets targets) {
    List<ScoreTable> tables =
        runs.map(
            (sequence, run) ->
                ScoreExpansion.of(run, head, options)
                    .measured(Optional.of(targets.of(sequence, run.tokens()))));
    ScoreTable first = tables.get(0);
    return new ScoreTable(
        head,
        first.queryParts,
        first.keyParts,
        mean(tables, t -> t.norms),
        mean(tables, t -> t.shares),
        mean(tables, t -> t.preferences),
        tables.stream().mapToDouble(ScoreTable::totalNorm).average().orElseThrow(),
        tables.stream().mapToDouble(ScoreTable::totalPreference).average().orElseThrow(),
        runs.provenance());
  }

  /**
   * Norms of the terms.
   *
   * @return [query part][key part], a copy
   */
  @Override
  public double[][] norms() {
    return HeadSetImportance.copy(norms);
  }

  /**
   * Shares of the terms.
   *
   * @return [query part][key part], a copy
   */
  @Override
  public double[][] shares() {
    return HeadSetImportance.copy(shares);
  }

  /**
   * Preferences of the terms for the targets.
   *
   * @return [query part][key part], a copy
   */
  @Override
  public double[][] preferences() {
    return HeadSetImportance.copy(preferences);
  }

  /**
   * All terms, by preference if there were targets, else by share, the highest first.
   *
   * @return every term once
   */
  public List<ScoreTerm> ranking() {
    List<ScoreTerm> terms = new ArrayList<>();
    for (int q = 0; q < queryParts.size(); q++) {
      for (int k = 0; k < keyParts.size(); k++) {
        terms.add(
            new ScoreTerm(
                queryParts.get(q), keyParts.get(k), norms[q][k], shares[q][k], preferences[q][k]));
      }
    }
    terms.sort(Comparator.comparingDouble(t -> -(hasTargets() ? t.preference() : t.share())));
    return List.copyOf(terms);
  }

  /**
   * One term.
   *
   * @param query part of the queries
   * @param key part of the keys
   * @return its numbers
   * @throws IllegalArgumentException if there is no such part
   */
  public ScoreTerm term(ScorePart query, ScorePart key) {
    int q = new ScoreSide(queryParts, List.of()).indexOf(query);
    int k = new ScoreSide(keyParts, List.of()).indexOf(key);
    return new ScoreTerm(query, key, norms[q][k], shares[q][k], preferences[q][k]);
  }

  private boolean hasTargets() {
    return !Double.isNaN(totalPreference);
  }

  private static double[][] mean(List<ScoreTable> tables, Function<ScoreTable, double[][]> of) {
    double[][] sum = HeadSetImportance.copy(of.apply(tables.get(0)));
    for (int q = 0; q < sum.length; q++) {
      for (int k = 0; k < sum[q].length; k++) {
        double total = 0;
        for (ScoreTable table : tables) {
          total += of.apply(table)[q][k];
        }
        sum[q][k] = total / tables.size();
      }
    }
    return sum;
  }

  /**
   * Renders the table.
   *
   * @return an object with the names of parts and [query part][key part] arrays
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("head", head.toString());
    json.add("query_parts", names(queryParts));
    json.add("key_parts", names(keyParts));
    json.add("norms", JsonNumbers.of(norms));
    json.add("shares", JsonNumbers.of(shares));
    json.add("preferences", JsonNumbers.of(preferences));
    json.add("total_norm", JsonNumbers.of(totalNorm));
    json.add("total_preference", JsonNumbers.of(totalPreference));
    json.add("provenance", provenance.toJson());
    return json;
  }

  private static JsonArray names(List<ScorePart> parts) {
    JsonArray names = new JsonArray();
    parts.stream().map(ScorePart::toString).forEach(names::add);
    return names;
  }

  /** The strongest terms, and all together. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        "attention scores of %s: %,d terms"
            .formatted(head, (long) queryParts.size() * keyParts.size()));
    text.append(row("query side", "key side", "norm", "share", "preference"));
    List<ScoreTerm> ranking = ranking();
    for (ScoreTerm t : ranking.subList(0, Math.min(ROWS, ranking.size()))) {
      text.append(
          row(t.query(), t.key(), number(t.norm()), number(t.share()), number(t.preference())));
    }
    text.append(row("all", "", number(totalNorm), number(1), number(totalPreference)));
    return text.append("%n%s".formatted(provenance)).toString();
  }

  private static String row(Object query, Object key, String norm, String share, String mean) {
    return "%n%-26s %-26s %10s %10s %12s".formatted(query, key, norm, share, mean);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : "%.4f".formatted(value);
  }
}
