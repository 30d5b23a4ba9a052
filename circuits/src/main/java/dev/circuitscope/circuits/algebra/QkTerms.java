package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.hook.Head;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The terms that a head's attention score is the sum of, for what the embeddings put into the
 * residual stream. With e the embeddings of tokens, p those of positions, d the destination and s
 * the source,
 *
 * <pre>
 * score = e_d qk e_s + e_d qk p_s + p_d qk e_s + p_d qk p_s        tokenToToken, tokenToPosition, ...
 *       + b_Q (e_s + p_s) + (e_d + p_d) b_K + b_Q b_K              source..., destination..., constant
 * </pre>
 *
 * <p>Rows are destinations, columns sources. Nothing is scaled until {@link #scaled} says so.
 *
 * <pre>{@code
 * QkTerms terms = circuits.qkTerms(new Head(0, 3)).scaled();
 * double fromTokens = terms.tokenToToken().entry(destinationToken, sourceToken);
 * double fromPositions = terms.positionToPosition().entry(5, 4);
 * }</pre>
 *
 * <p><b>Normalised streams.</b> What comes out of a normalisation is divided by the scale at its
 * position, 1 / scale_d for each factor of the destination and 1 / scale_s for each of the source;
 * biases are not. The positions of shortformers do not go through it, and are not divided either.
 *
 * <p><b>Rotary positions.</b> The terms are those at distance 0; see {@link #atDistance}.
 *
 * <p><b>Smeared keys.</b> The terms are those of a key by itself. The score of source j is {@link
 * #keyShare} of its own and 1 - keyShare of that of j - 1; the first source has its own alone.
 * {@link #of(KeyPart)} multiplies by these shares: the score of j is the sum of the terms of {@link
 * KeyPart#OWN} at j and of {@link KeyPart#PREVIOUS} at j - 1. A head of one layer is an induction
 * head if the latter match, that is if tokenToToken has positive eigenvalues.
 */
public final class QkTerms {

  private final HeadCircuit circuit;
  private final FactoredMatrix tokens;
  private final FactoredMatrix positions;
  private final double modelScale;
  private final double keyShare;
  private final Optional<KeyPart> part;
  private final double scale;

  /** Positions are null where the model has no vectors of positions. */
  QkTerms(
      HeadCircuit circuit,
      FactoredMatrix tokens,
      FactoredMatrix positions,
      double modelScale,
      double keyShare) {
    this(circuit, tokens, positions, modelScale, keyShare, Optional.empty(), 1);
  }

  private QkTerms(
      HeadCircuit circuit,
      FactoredMatrix tokens,
      FactoredMatrix positions,
      double modelScale,
      double keyShare,
      Optional<KeyPart> part,
      double scale) {
    this.circuit = circuit;
    this.tokens = tokens;
    this.positions = positions;
    this.modelScale = modelScale;
    this.keyShare = keyShare;
    this.part = part;
    this.scale = scale;
  }

  /**
   * Whose score it is.
   *
   * @return the head
   */
  public Head head() {
    return circuit.head();
  }

  /**
   * What all terms have been multiplied by, shares of smeared keys apart.
   *
   * @return 1, or the model's scale, 1 / sqrt(d_head), after {@link #scaled}
   */
  public double scale() {
    return scale;
  }

  /**
   * The terms as the softmax sees them.
   *
   * @return multiplied by the model's scale; these if they are already
   */
  public QkTerms scaled() {
    return new QkTerms(circuit, tokens, positions, modelScale, keyShare, part, modelScale);
  }

  /**
   * The terms of one of the two keys that a smeared key is made of, multiplied by its share.
   * Columns are then tokens and positions of the source itself, or of the one before it. Without
   * smeared keys the own key has all and the one before it none.
   *
   * @param key which one
   * @return the terms, scaled as these are
   */
  public QkTerms of(KeyPart key) {
    return new QkTerms(circuit, tokens, positions, modelScale, keyShare, Optional.of(key), scale);
  }

  /**
   * Whether the terms are those of one of the two keys of a smeared key.
   *
   * @return which one; empty for those of a key by itself
   */
  public Optional<KeyPart> keyPart() {
    return part;
  }

  /**
   * The terms between a destination and the source that is so many positions before it, with rotary
   * positions. Distances add up: those at 2 of those at 3 are those at 5.
   *
   * @param distance destination less source
   * @return the terms with rotated queries, scaled as these are
   * @throws IllegalStateException if the model's positions are not rotary
   */
  public QkTerms atDistance(int distance) {
    HeadCircuit turned = circuit.atDistance(distance);
    INDArray queries = Rotation.by(distance, tokens.a(), circuit.rotary().orElseThrow());
    return new QkTerms(
        turned, new FactoredMatrix(queries, tokens.b()), null, modelScale, keyShare, part, scale);
  }

  /**
   * How much a smeared key keeps of its own.
   *
   * @return sigmoid(a); 1 without smeared keys
   */
  public double keyShare() {
    return keyShare;
  }

  /**
   * Whether the model has vectors of positions, learned or sinusoidal.
   *
   * @return false with rotary positions and with none
   */
  public boolean hasPositions() {
    return positions != null;
  }

  /**
   * e_d qk e_s.
   *
   * @return [d_vocab, d_vocab]
   */
  public FactoredMatrix tokenToToken() {
    return tokens.times(factor());
  }

  /**
   * e_d qk p_s.
   *
   * @return [d_vocab, n_ctx]
   * @throws IllegalStateException if the model has no vectors of positions
   */
  public FactoredMatrix tokenToPosition() {
    return new FactoredMatrix(tokens.a(), positions().b()).times(factor());
  }

  /**
   * p_d qk e_s.
   *
   * @return [n_ctx, d_vocab]
   * @throws IllegalStateException if the model has no vectors of positions
   */
  public FactoredMatrix positionToToken() {
    return new FactoredMatrix(positions().a(), tokens.b()).times(factor());
  }

  /**
   * p_d qk p_s.
   *
   * @return [n_ctx, n_ctx]
   * @throws IllegalStateException if the model has no vectors of positions
   */
  public FactoredMatrix positionToPosition() {
    return positions().times(factor());
  }

  /**
   * b_Q with the keys of source tokens: what a token draws from every destination alike.
   *
   * @return d_vocab numbers
   */
  public double[] sourceTokenBias() {
    return source(tokens);
  }

  /**
   * b_Q with the keys of source positions.
   *
   * @return n_ctx numbers
   * @throws IllegalStateException if the model has no vectors of positions
   */
  public double[] sourcePositionBias() {
    return source(positions());
  }

  /**
   * b_K with the queries of destination tokens. It is the same for all sources, so that the softmax
   * does not see it.
   *
   * @return d_vocab numbers
   */
  public double[] destinationTokenBias() {
    return destination(tokens);
  }

  /**
   * b_K with the queries of destination positions.
   *
   * @return n_ctx numbers
   * @throws IllegalStateException if the model has no vectors of positions
   */
  public double[] destinationPositionBias() {
    return destination(positions());
  }

  /**
   * b_Q b_K.
   *
   * @return a number
   */
  public double constant() {
    double[] query = circuit.biases().query();
    double[] key = circuit.biases().key();
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += query[i] * key[i];
    }
    return factor() * sum;
  }

  @Override
  public String toString() {
    return "QkTerms of %s%s: %d tokens, %s, scale %.4f"
        .formatted(
            head(),
            part.map(key -> ", %s by %.4f".formatted(key.label(), key.share(keyShare))).orElse(""),
            tokens.rows(),
            hasPositions() ? positions.rows() + " positions" : "no vectors of positions",
            scale);
  }

  private double factor() {
    return scale * part.map(key -> key.share(keyShare)).orElse(1.0);
  }

  private double[] source(FactoredMatrix qk) {
    return Doubles.toArray(row(circuit.biases().query()).mmul(qk.b()).muli(factor()));
  }

  private double[] destination(FactoredMatrix qk) {
    return Doubles.toArray(qk.a().mmul(row(circuit.biases().key()).transpose()).muli(factor()));
  }

  private static INDArray row(double[] values) {
    return Nd4j.createFromArray(values).reshape('c', 1, values.length);
  }

  private FactoredMatrix positions() {
    if (positions == null) {
      throw new IllegalStateException(
          "the model of %s has no vectors of positions; with rotary positions, see atDistance"
              .formatted(head()));
    }
    return positions;
  }
}
