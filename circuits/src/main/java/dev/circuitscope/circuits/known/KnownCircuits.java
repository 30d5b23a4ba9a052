package dev.circuitscope.circuits.known;

import dev.circuitscope.core.text.Phrase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Transformers whose weights are written by hand, so that it is known which head does what and what
 * reads what: ground truth for detectors, scores and circuit discovery (A Mathematical Framework
 * for Transformer Circuits, section "Induction Heads", for the circuits).
 *
 * <pre>{@code
 * KnownModel known = KnownCircuits.induction(
 *     KnownSettings.of(50, 64).heads(4)
 *         .place(Role.PREVIOUS_TOKEN, 0, 1).place(Role.INDUCTION, 1, 2).noise(0.01, 7L));
 * HeadScores induction = InductionScores.of(known.model(), 7L);
 * induction.best();                      // L1H2
 * known.compositions();                  // [L0H1 -> L1H2.K]
 * }</pre>
 *
 * <p>They work for any vocabulary and context. Each part of the residual stream has dimensions of
 * its own: the current token, the position and the one before, what earlier heads leave for later
 * ones, and the output, which is all that the unembedding reads. Heads compare and move these with
 * identity matrices. The one number of attention is beta, by which scores are multiplied, ln(n_ctx
 * / leak) / gap with the gap between the scores of what a head attends to and of all else; the one
 * number of the output is the gain, margin / (1 - coherence of the codes).
 *
 * <p>Heads that find nothing rest on the start token, which writes nothing. On sequences without
 * one they rest nowhere in particular; what they do find is right there too.
 */
public final class KnownCircuits {

  private static final Map<String, Function<KnownSettings, KnownModel>> BY_NAME = byName();

  private KnownCircuits() {}

  /**
   * Induction: a previous-token head leaves, at every position, the token before; a head in a later
   * layer compares the current token with that (K-composition), so attends to what followed the
   * earlier occurrences, and copies it. Among several occurrences it shares its attention out.
   *
   * @param settings its vocabulary, context and places
   * @return roles {@link Role#PREVIOUS_TOKEN} and {@link Role#INDUCTION}
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel induction(KnownSettings settings) {
    return InductionCircuits.byKeys(settings);
  }

  /**
   * Induction by pointers: a duplicate-token head moves the position of the earlier occurrence; a
   * head in a later layer compares that with the position before each source (Q-composition), and
   * copies. It stays sharp for up to three earlier occurrences.
   *
   * <p>The duplicate-token head also reads positions, by which it keeps off its own. That is no
   * edge of the circuit: what it would move from there points to the position after, which causal
   * attention does not see, so that no prediction changes when nothing is read of positions. Other
   * positions in their place do change predictions: they keep it off others.
   *
   * @param settings its vocabulary, context and places; positions must be in the stream
   * @return roles {@link Role#DUPLICATE_TOKEN} and {@link Role#INDUCTION}
   * @throws IllegalArgumentException if the settings leave no room for it, are not sharp enough, or
   *     have shortformer positions
   */
  public static KnownModel pointerInduction(KnownSettings settings) {
    return InductionCircuits.byQueries(settings);
  }

  /**
   * Induction in one layer, whose keys are smeared all the way: each is the one of the position
   * before (In-context Learning and Induction Heads, Argument 2). Positions 0 and 1 have the same
   * key then, so at rest half of the attention is on the token after the start token, which is
   * copied by half.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#INDUCTION}
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel smearedInduction(KnownSettings settings) {
    return InductionCircuits.bySmearedKeys(settings);
  }

  /**
   * A previous-token head that copies: token d - 1 is predicted at d.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#PREVIOUS_TOKEN}
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel previousToken(KnownSettings settings) {
    return SingleHeads.previousToken(settings);
  }

  /**
   * A duplicate-token head that copies: a token that has occurred before is predicted again.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#DUPLICATE_TOKEN}
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel duplicateToken(KnownSettings settings) {
    return SingleHeads.duplicateToken(settings);
  }

  /**
   * A virtual head: a previous-token head leaves the token before, and another in a later layer
   * moves that on (V-composition), so that token d - 2 is predicted at d.
   *
   * @param settings its vocabulary, context and places
   * @return roles {@link Role#PREVIOUS_TOKEN} and {@link Role#RELAY}, both of which attend to the
   *     token before
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel previousPreviousToken(KnownSettings settings) {
    return VirtualHead.of(settings);
  }

  /**
   * Heads that predict given tokens after given pairs, and nothing else. Sources whose destinations
   * have different outs take several heads: what a head writes depends on the source alone.
   *
   * @param settings its vocabulary, context and places; the first head is placed, others follow
   * @param triples at least one, without the start token
   * @return role {@link Role#SKIP_TRIGRAM}
   * @throws IllegalArgumentException if a token is outside the vocabulary or the start token, there
   *     are no triples, or the settings leave no room for the heads
   */
  public static KnownModel skipTrigrams(KnownSettings settings, List<Phrase> triples) {
    return SkipTrigramModel.of(settings, triples);
  }

  /**
   * A head that attends to its own position and copies: the current token is predicted.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#COPYING}
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel copying(KnownSettings settings) {
    return SingleHeads.copying(settings);
  }

  /**
   * A head that attends to its own position and lowers the logit of the token there.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#ANTI_COPYING}
   * @throws IllegalArgumentException if the settings leave no room for it, or are not sharp enough
   */
  public static KnownModel antiCopying(KnownSettings settings) {
    return SingleHeads.antiCopying(settings);
  }

  /**
   * A head without queries and keys: A[d, s] = 1 / (d + 1). It copies the mean of what it sees.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#UNIFORM}
   * @throws IllegalArgumentException if the settings leave no room for it
   */
  public static KnownModel uniform(KnownSettings settings) {
    return SingleHeads.uniform(settings);
  }

  /**
   * A head without any weights.
   *
   * @param settings its vocabulary, context and places
   * @return role {@link Role#ZERO}
   * @throws IllegalArgumentException if the settings leave no room for it
   */
  public static KnownModel zero(KnownSettings settings) {
    return SingleHeads.zero(settings);
  }

  /**
   * A model without layers whose logits are a table: logits[a][b] of b after a.
   *
   * @param logits [d_vocab][d_vocab_out], finite; logarithms of probabilities for a Markov chain
   * @param context the longest sequence
   * @return a model without roles and positions
   * @throws IllegalArgumentException if the table has fewer than 2 rows or is ragged, or a logit is
   *     not finite
   */
  public static KnownModel bigram(double[][] logits, int context) {
    return BigramModel.of(logits, context);
  }

  /**
   * The names of all circuits that need nothing but settings.
   *
   * @return in the order of this class
   */
  public static List<String> names() {
    return List.copyOf(BY_NAME.keySet());
  }

  /**
   * A circuit by its name. {@code skip-trigrams} has {@code keep ... in -> mind} and {@code keep
   * ... at -> bay} as tokens s + 1 ... s + 5 in this order (keep, in, at, mind, bay), with s the
   * start token and modulo the vocabulary.
   *
   * @param name one of {@link #names}
   * @param settings its vocabulary, context and places
   * @return the model
   * @throws IllegalArgumentException if there is no circuit of that name, with those there are, or
   *     it cannot be made
   */
  public static KnownModel named(String name, KnownSettings settings) {
    Function<KnownSettings, KnownModel> circuit = BY_NAME.get(name);
    if (circuit == null) {
      throw new IllegalArgumentException(
          "no known circuit '" + name + "'; there are " + BY_NAME.keySet());
    }
    return circuit.apply(settings);
  }

  private static Map<String, Function<KnownSettings, KnownModel>> byName() {
    Map<String, Function<KnownSettings, KnownModel>> map = new LinkedHashMap<>();
    map.put(InductionCircuits.BY_KEYS, KnownCircuits::induction);
    map.put(InductionCircuits.BY_QUERIES, KnownCircuits::pointerInduction);
    map.put(InductionCircuits.BY_SMEARED_KEYS, KnownCircuits::smearedInduction);
    map.put(SingleHeads.PREVIOUS_TOKEN, KnownCircuits::previousToken);
    map.put(SingleHeads.DUPLICATE_TOKEN, KnownCircuits::duplicateToken);
    map.put(VirtualHead.NAME, KnownCircuits::previousPreviousToken);
    map.put(SkipTrigramModel.NAME, SkipTrigramModel::demonstration);
    map.put(SingleHeads.COPYING, KnownCircuits::copying);
    map.put(SingleHeads.ANTI_COPYING, KnownCircuits::antiCopying);
    map.put(SingleHeads.UNIFORM, KnownCircuits::uniform);
    map.put(SingleHeads.ZERO, KnownCircuits::zero);
    return map;
  }
}
