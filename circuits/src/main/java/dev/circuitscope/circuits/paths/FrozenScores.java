package dev.circuitscope.circuits.paths;

import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.AttentionDirection;
import java.util.Arrays;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The attention scores of one head of a {@link FrozenRun}, as products of queries and keys that are
 * linear in parts of the stream: with the scale of ln1 held fixed, S = (sum of q)(sum of k)^T /
 * sqrt(d_head) over the parts that were read. Rotation and smearing are applied to each part.
 *
 * <pre>{@code
 * FrozenScores scores = run.scores(new Head(1, 4));
 * INDArray q = scores.queries(run.source(Source.TOKENS, 1));
 * INDArray k = scores.keys(run.start(new Head(0, 2), Source.TOKENS));
 * INDArray composed = scores.of(q, k);                 // [dest, src]
 * }</pre>
 */
public final class FrozenScores {

  private final LinearRun run;
  private final Head head;
  private final HeadMaps maps;

  FrozenScores(LinearRun run, Head head) {
    this.run = run;
    this.head = head;
    this.maps = run.maps(head);
  }

  /**
   * Whose scores these are.
   *
   * @return the head
   */
  public Head head() {
    return head;
  }

  /**
   * Queries made of a part of the stream; linear in the part.
   *
   * @param part [pos, d_model]
   * @return [pos, d_head]
   */
  public INDArray queries(INDArray part) {
    return queries(part("queries", part)).toArray();
  }

  /**
   * Keys made of a part of the stream; linear in the part.
   *
   * @param part [pos, d_model]
   * @return [pos, d_head]
   */
  public INDArray keys(INDArray part) {
    return keys(part("keys", part)).toArray();
  }

  /**
   * The part of {@link #keys(INDArray)} that is made of one of the two keys of a smeared key; both
   * sum to the keys. Without smeared keys the own key is all.
   *
   * @param part [pos, d_model]
   * @param key which one
   * @return [pos, d_head], at j what is made of position j or of position j - 1
   */
  public INDArray keys(INDArray part, KeyPart key) {
    return keys(part("keys", part), Optional.of(key)).toArray();
  }

  /**
   * Queries that are made of a source without a path: position vectors which a shortformer's heads
   * read beside the stream, and as {@link Source#BIASES} b_Q with the offset of ln1.
   *
   * @param source which
   * @return [pos, d_head]; zeros of the other sources
   */
  public INDArray queryConstants(Source source) {
    return queriesOf(source).toArray();
  }

  /**
   * Keys that are made of a source without a path.
   *
   * @param source which, as for {@link #queryConstants}
   * @return [pos, d_head]; zeros of the other sources
   */
  public INDArray keyConstants(Source source) {
    return keysOf(source).toArray();
  }

  /**
   * The part of {@link #keyConstants(Source)} that is made of one of the two keys of a smeared key.
   *
   * @param source which, as for {@link #queryConstants}
   * @param key which one
   * @return [pos, d_head]; zeros of the other sources
   */
  public INDArray keyConstants(Source source, KeyPart key) {
    return keysOf(source, Optional.of(key)).toArray();
  }

  /**
   * Scores of queries and keys; linear in each of them.
   *
   * @param queries [pos, d_head]
   * @param keys [pos, d_head]
   * @return q k^T / sqrt(d_head), [dest, src]; 0 where attention is masked
   */
  public INDArray of(INDArray queries, INDArray keys) {
    return product(vectors("of: queries", queries), vectors("of: keys", keys)).toArray();
  }

  /**
   * The scores of the run, as {@code hook_attn_scores} has them.
   *
   * @return [dest, src]; negative infinity where attention is masked
   */
  public INDArray total() {
    return all(Double.NEGATIVE_INFINITY).toArray();
  }

  DoubleMatrix queries(DoubleMatrix part) {
    return run.weights().placeQueries(scaled(part).times(maps.query().matrix()));
  }

  DoubleMatrix keys(DoubleMatrix part) {
    return keys(part, Optional.empty());
  }

  /** Of smeared keys whole, or what is made of one of the two keys. */
  DoubleMatrix keys(DoubleMatrix part, Optional<KeyPart> key) {
    return placed(scaled(part).times(maps.key().matrix()), key);
  }

  DoubleMatrix queriesOf(Source source) {
    return run.weights()
        .placeQueries(
            constants(source, maps.query(), maps.readPositions().map(HeadMaps.PlainReads::query)));
  }

  DoubleMatrix keysOf(Source source) {
    return keysOf(source, Optional.empty());
  }

  /** Of smeared keys whole, or what is made of one of the two keys. */
  DoubleMatrix keysOf(Source source, Optional<KeyPart> key) {
    return placed(
        constants(source, maps.key(), maps.readPositions().map(HeadMaps.PlainReads::key)), key);
  }

  private DoubleMatrix placed(DoubleMatrix keys, Optional<KeyPart> key) {
    return key.map(part -> run.weights().placeKeys(head, keys, part))
        .orElseGet(() -> run.weights().placeKeys(head, keys));
  }

  /** q k^T / sqrt(d_head), 0 where attention is masked. */
  DoubleMatrix product(DoubleMatrix queries, DoubleMatrix keys) {
    return masked(queries.timesTransposed(keys).times(run.config().attention().scale()), 0);
  }

  /** All scores, another number where attention is masked. */
  DoubleMatrix all(double mask) {
    DoubleMatrix stream = run.stream(head.layer());
    DoubleMatrix q = queries(stream);
    DoubleMatrix k = keys(stream);
    for (Source source : Source.values()) {
      q = q.plus(queriesOf(source));
      k = k.plus(keysOf(source));
    }
    return masked(product(q, k), mask);
  }

  /** How many sources a destination may attend to: the first ones. */
  int allowed(int dest) {
    boolean causal = run.config().attention().direction() == AttentionDirection.CAUSAL;
    return causal ? dest + 1 : run.length();
  }

  LinearRun run() {
    return run;
  }

  private DoubleMatrix scaled(DoubleMatrix part) {
    return part.scaleRows(run.attention().inverseScale(head.layer()));
  }

  private DoubleMatrix constants(Source source, ReadMap map, Optional<DoubleMatrix> readPositions) {
    DoubleMatrix zeros = DoubleMatrix.zeros(run.length(), map.constant().length);
    return switch (source) {
      case BIASES -> zeros.addRowInPlace(map.constant());
      case POSITIONS ->
          readPositions.map(w -> run.inputs().positions().orElseThrow().times(w)).orElse(zeros);
      case TOKENS, MLPS -> zeros;
    };
  }

  /** Changes its argument. */
  private DoubleMatrix masked(DoubleMatrix scores, double value) {
    for (int dest = 0; dest < scores.rows(); dest++) {
      int row = dest * scores.columns();
      Arrays.fill(scores.values(), row + allowed(dest), row + scores.columns(), value);
    }
    return scores;
  }

  private DoubleMatrix vectors(String operation, INDArray x) {
    return FrozenRun.matrix(operation, x, run.length(), run.config().dHead());
  }

  private DoubleMatrix part(String operation, INDArray x) {
    return FrozenRun.matrix(operation, x, run.length(), run.config().dModel());
  }
}
