package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.List;

/**
 * The two tables over the vocabulary that make a head's skip-trigrams {@code source ... destination
 * -> out}, each of rank d_head and never multiplied out (A Mathematical Framework for Transformer
 * Circuits, section "Interpretation as Skip-Trigrams").
 *
 * <ul>
 *   <li><b>Preference</b> of a destination for a source: its attention score for the source above
 *       its mean score for all tokens, (q_dest . k_src - mean_t q_dest . k_t) / sqrt(d_head). The
 *       exponential of a difference of preferences is a ratio of attention.
 *   <li><b>Effect</b> of a source on an out: what attending to the source alone adds to the logit
 *       of out above what it adds to the mean logit, v_src W_O (u_out - mean_t u_t).
 * </ul>
 *
 * Both leave out what a softmax does not see, and so neither changes if weights are centred.
 *
 * <pre>{@code
 * TrigramCircuit head = TrigramCircuit.of(model, new Head(0, 3));
 * double f1 = head.preference(in, keep);        // nats of attention
 * double f2 = head.effect(keep, mind);          // logits
 * List<TokenValue> outs = head.outs(keep, 5);   // what attending to "keep" raises most
 * }</pre>
 *
 * <p>Normalisation is included. What layer 0 reads of a token is its embedding normalised by its
 * own scale, weights and offset applied; b_Q counts, b_K and b_V are the same for all sources and
 * cancel. Of the final normalisation, weights and centring count; its scale depends on all of the
 * stream and is left at 1 unless {@link #withFinalScale} divides by one. Scores are of content:
 * position vectors are left out, rotations are those of distance 0, smeared keys count with the
 * source's own share ({@link PairTrigramCircuit} has that of the token before it). Standard
 * positions, which are in the stream, count in the scale of layer 0's normalisation, averaged over
 * the context. For a head of a later layer these are the tables of the path straight from the
 * embedding.
 */
public final class TrigramCircuit {

  private final Head head;
  private final FlatMatrix queries;
  private final FlatMatrix keys;
  private final FlatMatrix values;
  private final FlatMatrix outs;

  TrigramCircuit(
      Head head, FlatMatrix queries, FlatMatrix keys, FlatMatrix values, FlatMatrix outs) {
    this.head = head;
    this.queries = queries;
    this.keys = keys;
    this.values = values;
    this.outs = outs;
  }

  /**
   * The tables of a head. Takes 4 (d_vocab d_head) numbers of memory.
   *
   * @param model whose head it is
   * @param head of it
   * @return its tables
   * @throws IllegalArgumentException if the model has no such head
   */
  public static TrigramCircuit of(Transformer model, Head head) {
    return TrigramFactors.of(model, head, KeyPart.OWN);
  }

  /**
   * Tables of any circuits, centred as above: of a virtual head, say, or written by hand.
   *
   * @param head name of the result
   * @param scores [destination, source], divided by sqrt(d_head) already
   * @param logits [source, out]
   * @return their tables
   * @throws IllegalArgumentException if they are over different vocabularies
   */
  public static TrigramCircuit of(Head head, FactoredMatrix scores, FactoredMatrix logits) {
    if (scores.rows() != scores.columns() || logits.rows() != scores.columns()) {
      throw new IllegalArgumentException(
          "trigrams: scores [destination, source] are [%d, %d] and logits [source, out] are [%d, %d]; destinations and sources must be the same tokens"
              .formatted(scores.rows(), scores.columns(), logits.rows(), logits.columns()));
    }
    return new TrigramCircuit(
        head,
        FlatMatrix.of(scores.a()),
        FlatMatrix.of(scores.b().transpose()).centered(),
        FlatMatrix.of(logits.a()),
        FlatMatrix.of(logits.b().transpose()).centered());
  }

  /**
   * Divides the effects by a scale of the final normalisation, the mean of {@code
   * ln_final.hook_scale} over some text for instance, so that they are logits of that text.
   *
   * @param scale above 0
   * @return new tables
   * @throws IllegalArgumentException if the scale is not positive and finite
   */
  public TrigramCircuit withFinalScale(double scale) {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a scale of the final normalisation is positive and finite, was " + scale);
    }
    double[] scaled = outs.values().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= scale;
    }
    return new TrigramCircuit(
        head, queries, keys, values, new FlatMatrix(scaled, outs.rows(), outs.width()));
  }

  /**
   * Whose tables these are.
   *
   * @return the head
   */
  public Head head() {
    return head;
  }

  /**
   * How many tokens the head reads.
   *
   * @return d_vocab
   */
  public int tokens() {
    return values.rows();
  }

  /**
   * How many tokens the model predicts.
   *
   * @return d_vocab_out
   */
  public int outTokens() {
    return outs.rows();
  }

  /**
   * All preferences.
   *
   * @return [destination, source], as factors
   */
  public FactoredMatrix preferences() {
    return new FactoredMatrix(queries.toArray(), keys.toArray().transpose());
  }

  /**
   * All effects.
   *
   * @return [source, out], as factors
   */
  public FactoredMatrix effects() {
    return new FactoredMatrix(values.toArray(), outs.toArray().transpose());
  }

  /**
   * How much a destination prefers a source.
   *
   * @param destination token that attends
   * @param source token that is attended to
   * @return nats above its mean score
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public double preference(int destination, int source) {
    return queries.dot(require(destination, tokens()), keys, require(source, tokens()));
  }

  /**
   * How much attending to a source raises an out.
   *
   * @param source token that is attended to
   * @param out token that is predicted
   * @return its logit above the mean logit
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public double effect(int source, int out) {
    return values.dot(require(source, tokens()), outs, require(out, outTokens()));
  }

  /**
   * The destinations that prefer a source most.
   *
   * @param source token that is attended to
   * @param k how many
   * @return the strongest first, with their preferences
   * @throws IllegalArgumentException if the token is outside the vocabulary or k negative
   */
  public List<TokenValue> destinations(int source, int k) {
    return TokenValue.top(preferencesFor(source), k);
  }

  /**
   * The sources that a destination prefers most.
   *
   * @param destination token that attends
   * @param k how many
   * @return the strongest first, with the preferences for them
   * @throws IllegalArgumentException if the token is outside the vocabulary or k negative
   */
  public List<TokenValue> sources(int destination, int k) {
    return TokenValue.top(keys.dots(queries, require(destination, tokens())), k);
  }

  /**
   * The outs that attending to a source raises most.
   *
   * @param source token that is attended to
   * @param k how many
   * @return the strongest first, with the effects on them
   * @throws IllegalArgumentException if the token is outside the vocabulary or k negative
   */
  public List<TokenValue> outs(int source, int k) {
    return TokenValue.top(effectsOf(source), k);
  }

  /**
   * One skip-trigram.
   *
   * @param source token that is attended to
   * @param destination token that attends
   * @param out token that is predicted
   * @param strength how preference and effect make one number
   * @return the triple with its numbers
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public SkipTrigram trigram(int source, int destination, int out, TrigramStrength strength) {
    double preference = preference(destination, source);
    double effect = effect(source, out);
    return new SkipTrigram(
        head, source, destination, out, preference, effect, strength.of(preference, effect));
  }

  /** The preferences of all destinations for a source. */
  double[] preferencesFor(int source) {
    return queries.dots(keys, require(source, tokens()));
  }

  /** The effects of a source on all outs. */
  double[] effectsOf(int source) {
    return outs.dots(values, require(source, tokens()));
  }

  FlatMatrix queries() {
    return queries;
  }

  FlatMatrix keys() {
    return keys;
  }

  FlatMatrix values() {
    return values;
  }

  FlatMatrix outs() {
    return outs;
  }

  private int require(int token, int size) {
    if (token < 0 || token >= size) {
      throw new IllegalArgumentException(
          "skip-trigrams of %s: token %d is outside the vocabulary, ids 0 to %d"
              .formatted(head, token, size - 1));
    }
    return token;
  }

  /** For example {@code skip-trigrams of L0H3 over 50257 tokens, of rank 64}. */
  @Override
  public String toString() {
    return "skip-trigrams of %s over %d tokens, of rank %d".formatted(head, tokens(), keys.width());
  }
}
