package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.AttentionShape;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

  private final FrozenRun run;
  private final LinearWeights weights;
  private final Head head;
  private final HeadMaps maps;
  private final INDArray inverseScale;

  FrozenScores(FrozenRun run, LinearWeights weights, Head head, INDArray inverseScale) {
    this.run = run;
    this.weights = weights;
    this.head = head;
    this.maps = weights.head(head);
    this.inverseScale = inverseScale;
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
    return weights.placeQueries(scaled(part).mmul(maps.query().matrix()));
  }

  /**
   * Keys made of a part of the stream; linear in the part.
   *
   * @param part [pos, d_model]
   * @return [pos, d_head]
   */
  public INDArray keys(INDArray part) {
    return weights.placeKeys(head, scaled(part).mmul(maps.key().matrix()));
  }

  /**
   * Queries that are made of a source without a path: position vectors which a shortformer's heads
   * read beside the stream, and as {@link Source#BIASES} b_Q with the offset of ln1.
   *
   * @param source which
   * @return [pos, d_head]; zeros of the other sources
   */
  public INDArray queryConstants(Source source) {
    return weights.placeQueries(
        constants(source, maps.query(), maps.readPositions().map(HeadMaps.PlainReads::query)));
  }

  /**
   * Keys that are made of a source without a path.
   *
   * @param source which, as for {@link #queryConstants}
   * @return [pos, d_head]; zeros of the other sources
   */
  public INDArray keyConstants(Source source) {
    return weights.placeKeys(
        head, constants(source, maps.key(), maps.readPositions().map(HeadMaps.PlainReads::key)));
  }

  /**
   * Scores of queries and keys; linear in each of them.
   *
   * @param queries [pos, d_head]
   * @param keys [pos, d_head]
   * @return q k^T / sqrt(d_head), [dest, src]; 0 where attention is masked
   */
  public INDArray of(INDArray queries, INDArray keys) {
    return masked(queries.mmul(keys.transpose()).muli(config().scale()), 0);
  }

  /**
   * The scores of the run, as {@code hook_attn_scores} has them.
   *
   * @return [dest, src]; negative infinity where attention is masked
   */
  public INDArray total() {
    INDArray stream = run.stream(head.layer());
    INDArray q = queries(stream);
    INDArray k = keys(stream);
    for (Source source : Source.values()) {
      q.addi(queryConstants(source));
      k.addi(keyConstants(source));
    }
    return masked(of(q, k), Double.NEGATIVE_INFINITY);
  }

  /** How many sources a destination may attend to: the first ones. */
  int allowed(int dest) {
    return config().direction() == AttentionDirection.CAUSAL ? dest + 1 : run.length();
  }

  FrozenRun run() {
    return run;
  }

  private AttentionShape config() {
    return run.config().attention();
  }

  private INDArray scaled(INDArray part) {
    return part.mulColumnVector(inverseScale);
  }

  private INDArray constants(Source source, ReadMap map, Optional<INDArray> readPositions) {
    INDArray zeros = Nd4j.zeros(DataType.DOUBLE, run.length(), map.constant().size(1));
    return switch (source) {
      case BIASES -> zeros.addiRowVector(map.constant());
      case POSITIONS ->
          readPositions
              .map(w -> run.frozenSources().positions().orElseThrow().mmul(w))
              .orElse(zeros);
      case TOKENS, MLPS -> zeros;
    };
  }

  private INDArray masked(INDArray scores, double value) {
    double[] s = scores.dup('c').data().asDouble();
    int n = run.length();
    for (int dest = 0; dest < n; dest++) {
      for (int src = allowed(dest); src < n; src++) {
        s[dest * n + src] = value;
      }
    }
    return Nd4j.createFromArray(s).reshape('c', n, n);
  }
}
