package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;

/**
 * The prefix matching score of each head (In-context Learning and Induction Heads, head activation
 * evaluators): the attention that falls on tokens which follow an earlier occurrence of the current
 * token.
 *
 * <p>It is summed over all such tokens, so that a head which spreads its attention over several
 * earlier copies still reaches 1, then averaged over queries, then over sequences. (The paper's
 * text says "preceded"; its own correction says what is computed here.) On sequences with two
 * copies of distinct tokens it equals {@link InductionScores}.
 *
 * <pre>{@code
 * HeadScores onRepeats = PrefixMatchingScores.of(model, 7L);     // 25 tokens, 4 times
 * HeadScores onText    = PrefixMatchingScores.ofTokens(model, heldOut, RunSettings.plain());
 * }</pre>
 */
public final class PrefixMatchingScores {

  private PrefixMatchingScores() {}

  /**
   * Scores every head on {@link RepeatSampling#prefixMatching}, the paper's sequences.
   *
   * @param model to measure
   * @param seed decides the tokens
   * @return the scores
   * @throws IllegalArgumentException if the context or the vocabulary is too small
   */
  public static HeadScores of(Transformer model, long seed) {
    return of(model, RepeatSampling.prefixMatching(model.config(), seed), RunSettings.plain());
  }

  /**
   * Scores every head on sequences to draw; queries are the positions of the second and later
   * copies.
   *
   * @param model to measure
   * @param sampling kind, number and seed of the sequences
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if the model refuses the sequences
   */
  public static HeadScores of(Transformer model, RepeatSampling sampling, RunSettings settings) {
    return RepeatDetectors.score(model, sampling, settings, RepeatDetectors::prefixMatching);
  }

  /**
   * Scores every head on given sequences; queries are the positions of the second and later copies.
   *
   * @param model to measure
   * @param sequences that repeat
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if nothing repeats or the model refuses the sequences
   */
  public static HeadScores of(
      Transformer model, RepeatedSequences sequences, RunSettings settings) {
    return RepeatDetectors.score(model, sequences, settings, RepeatDetectors::prefixMatching);
  }

  /**
   * Scores every head on any tokens, such as text; queries are all positions whose token occurred
   * before.
   *
   * @param model to measure
   * @param tokens [sequence, pos]
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if no token occurs twice or the model refuses the tokens
   */
  public static HeadScores ofTokens(Transformer model, int[][] tokens, RunSettings settings) {
    return RepeatDetectors.prefixMatching((sequence, position) -> true)
        .scores(model, tokens, settings);
  }
}
