package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.heads.AttentionTargets;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Head;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The attention scores of a head as a sum over pairs of paths, one into its queries and one into
 * its keys (A Mathematical Framework for Transformer Circuits, section "Path Expansion of Attention
 * Scores QK Circuit"). In the second layer of a model with H heads a layer these are (1 + H)^2
 * terms, or with sources apart as many times their number squared. Terms sum to the scores before
 * the softmax. Smeared keys can be taken apart into each source's own key and the one before it
 * ({@link ScoreOptions#byKey}): in one layer of smeared keys it is the latter that make an
 * induction head.
 *
 * <pre>{@code
 * ScoreExpansion scores = ScoreExpansion.of(FrozenRun.of(model, tokens), new Head(1, 4));
 * INDArray byPrevious = scores.scores(
 *     ScorePart.of(HeadPath.DIRECT), ScorePart.of(HeadPath.of(new Head(0, 2))));  // [dest, src]
 * System.out.println(scores.table(AttentionTargets.prefixMatching()));
 * }</pre>
 */
public final class ScoreExpansion {

  private static final int MOST_TERMS = 4_000_000;

  private final LinearRun run;
  private final FrozenScores scores;
  private final ScoreSide queries;
  private final ScoreSide keys;

  private ScoreExpansion(LinearRun run, Head head, ScoreOptions options) {
    this.run = run;
    this.scores = new FrozenScores(run, head);
    this.queries = ScoreSide.of(run, head, options, x -> scores.queries(x), scores::queriesOf);
    this.keys = keys(run, head, options);
  }

  /**
   * Expands over direct paths and single heads, all sources together; what longer paths do to a
   * head of the third layer or later is one part.
   *
   * @param run to expand
   * @param head whose scores
   * @return the expansion
   * @throws IllegalArgumentException if the model has no such head
   */
  public static ScoreExpansion of(FrozenRun run, Head head) {
    return of(run, head, ScoreOptions.upTo(1));
  }

  /**
   * Expands the scores of a head.
   *
   * @param run to expand
   * @param head whose scores
   * @param options how far and from which sources
   * @return the expansion
   * @throws IllegalArgumentException if the model has no such head, or there are more than 20,000
   *     paths
   */
  public static ScoreExpansion of(FrozenRun run, Head head, ScoreOptions options) {
    return new ScoreExpansion(run.linear(), head, options);
  }

  /**
   * What the queries are the sum of.
   *
   * @return the parts, the direct path first
   */
  public List<ScorePart> queryParts() {
    return List.copyOf(queries.parts());
  }

  /**
   * What the keys are the sum of.
   *
   * @return the parts, the direct path first
   */
  public List<ScorePart> keyParts() {
    return List.copyOf(keys.parts());
  }

  /**
   * The scores of one term.
   *
   * @param query part of the queries
   * @param key part of the keys
   * @return [dest, src]; 0 where attention is masked
   * @throws IllegalArgumentException if there is no such part
   */
  public INDArray scores(ScorePart query, ScorePart key) {
    return term(queries.indexOf(query), keys.indexOf(key)).toArray();
  }

  /**
   * The scores of the run, as {@code hook_attn_scores} has them.
   *
   * @return [dest, src]; negative infinity where attention is masked
   */
  public INDArray total() {
    return scores.total();
  }

  /**
   * How much every term matters.
   *
   * @return norms and shares
   * @throws IllegalArgumentException if there are more than 4 million terms
   */
  public ScoreTable table() {
    return measured(Optional.empty());
  }

  /**
   * How much every term matters, and which make the head attend to some targets.
   *
   * @param targets where the head is to attend, asked for sequence 0
   * @return norms, shares and preferences
   * @throws IllegalArgumentException if there is no target, or a target is masked, or there are
   *     more than 4 million terms
   */
  public ScoreTable table(AttentionTargets targets) {
    return measured(Optional.of(targets.of(0, run.tokens().clone())));
  }

  ScoreTable measured(Optional<int[][]> targets) {
    int rows = queries.parts().size();
    int columns = keys.parts().size();
    if ((long) rows * columns > MOST_TERMS) {
      throw new IllegalArgumentException(
          "the scores of %s have %,d x %,d terms; choose a lower order"
              .formatted(scores.head(), rows, columns));
    }
    ScoreMeasure measure = ScoreMeasure.of(scores, targets);
    double[][] norms = new double[rows][columns];
    double[][] shares = new double[rows][columns];
    double[][] preferences = new double[rows][columns];
    Parallel.forEach(
        rows,
        q -> {
          for (int k = 0; k < columns; k++) {
            double[] term = measure.centred(term(q, k));
            norms[q][k] = measure.norm(term);
            shares[q][k] = measure.share(term);
            preferences[q][k] = measure.preference(term);
          }
        });
    return new ScoreTable(
        scores.head(),
        queryParts(),
        keyParts(),
        norms,
        shares,
        preferences,
        measure.norm(measure.total()),
        measure.preference(measure.total()),
        Provenance.of(
            run.config(),
            new int[][] {run.tokens()},
            "a given sequence",
            OptionalLong.empty(),
            RunSettings.plain()));
  }

  private ScoreSide keys(LinearRun run, Head head, ScoreOptions options) {
    List<Optional<KeyPart>> all =
        options.smear()
            ? Arrays.stream(KeyPart.values()).map(Optional::of).toList()
            : List.of(Optional.empty());
    return ScoreSide.interleaved(
        all.stream()
            .map(
                key ->
                    ScoreSide.of(
                            run,
                            head,
                            options,
                            x -> scores.keys(x, key),
                            source -> scores.keysOf(source, key))
                        .in(key))
            .toList());
  }

  private DoubleMatrix term(int query, int key) {
    return scores.product(queries.vectors().get(query), keys.vectors().get(key));
  }
}
