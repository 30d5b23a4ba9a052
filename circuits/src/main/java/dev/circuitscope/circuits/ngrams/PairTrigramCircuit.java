package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.circuits.algebra.FactoredMatrix;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.Phrase;
import java.util.List;

/**
 * The tables that make the skip-trigrams {@code previous source ... destination -> out} of a head
 * whose keys are smeared (In-context Learning and Induction Heads, Argument 2). Its score for a
 * source is a sum of a number for the source and one for the token before it, so that the
 * preference for a pair is
 *
 * <pre>
 * q_dest . (s k_source + (1 - s) k_previous) / sqrt(d_head),   s = sigmoid(alpha),
 * </pre>
 *
 * <p>above its mean over all pairs. The effect is that of the source alone: values are not smeared.
 * A head that prefers pairs whose first token is the destination's own, and raises the source, is
 * an induction head.
 *
 * <pre>{@code
 * PairTrigramCircuit head = PairTrigramCircuit.of(model, new Head(0, 3));
 * head.preference(newToken, newToken, york);     // nats of attention, from "New" to "New York"
 * head.previous(newToken, 5);                    // what should stand before the source
 * head.ofSource().outs(york, 5);                 // what attending to "York" raises
 * }</pre>
 *
 * <p>What {@link TrigramCircuit} says of normalisation and positions holds here. At the first
 * position, whose key is not smeared, none of this does.
 */
public final class PairTrigramCircuit {

  private final TrigramCircuit source;
  private final TrigramCircuit before;

  private PairTrigramCircuit(TrigramCircuit source, TrigramCircuit before) {
    this.source = source;
    this.before = before;
  }

  /**
   * The tables of a head.
   *
   * @param model whose head it is, with smeared keys
   * @param head of it
   * @return its tables
   * @throws IllegalArgumentException if the model has no such head, or its keys are not smeared
   */
  public static PairTrigramCircuit of(Transformer model, Head head) {
    if (!model.config().attention().smearedKeys()) {
      throw new IllegalArgumentException(
          "pairs of tokens that %s attends to: its keys are not smeared and see one token; use TrigramCircuit.of"
              .formatted(head));
    }
    return new PairTrigramCircuit(
        TrigramFactors.of(model, head, KeyPart.OWN),
        TrigramFactors.of(model, head, KeyPart.PREVIOUS));
  }

  /**
   * Whose tables these are.
   *
   * @return the head
   */
  public Head head() {
    return source.head();
  }

  /**
   * The tables of the source by its own share: {@link TrigramCircuit#of(Transformer, Head)}.
   *
   * @return preferences for sources whatever stands before them, and effects
   */
  public TrigramCircuit ofSource() {
    return source;
  }

  /**
   * All preferences for the token before the source, by its share.
   *
   * @return [destination, previous], as factors
   */
  public FactoredMatrix previousPreferences() {
    return before.preferences();
  }

  /**
   * How much a destination prefers a pair.
   *
   * @param destination token that attends
   * @param previous token before the source
   * @param sourceToken token that is attended to
   * @return nats above its mean score
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public double preference(int destination, int previous, int sourceToken) {
    return source.preference(destination, sourceToken) + before.preference(destination, previous);
  }

  /**
   * The tokens before a source that a destination prefers most.
   *
   * @param destination token that attends
   * @param k how many
   * @return the strongest first, with what they add to the preference
   * @throws IllegalArgumentException if the token is outside the vocabulary or k negative
   */
  public List<TokenValue> previous(int destination, int k) {
    return before.sources(destination, k);
  }

  /**
   * One skip-trigram of a pair.
   *
   * @param previous token before the source
   * @param phrase source, destination and out
   * @param strength how preference and effect make one number
   * @return the pair's skip-trigram with its numbers
   * @throws IllegalArgumentException if a token is outside the vocabulary
   */
  public PairTrigram trigram(int previous, Phrase phrase, TrigramStrength strength) {
    double preference = preference(phrase.destination(), previous, phrase.source());
    double effect = source.effect(phrase.source(), phrase.out());
    return new PairTrigram(
        head(),
        previous,
        phrase.source(),
        phrase.destination(),
        phrase.out(),
        preference,
        effect,
        strength.of(preference, effect));
  }

  /** For example {@code skip-trigrams of pairs of L0H3 over 1024 tokens}. */
  @Override
  public String toString() {
    return "skip-trigrams of pairs of %s over %d tokens".formatted(head(), source.tokens());
  }
}
