package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;

/**
 * How much each head attends to the token before the current one: the mean of A[d, d - 1] over
 * positions d from 1, then over sequences (In-context Learning and Induction Heads, head activation
 * evaluators, where the tokens are text).
 *
 * <pre>{@code
 * HeadScores onRandom = PreviousTokenScores.of(model, 7L);
 * HeadScores onText   = PreviousTokenScores.ofTokens(model, heldOut, RunSettings.plain());
 * }</pre>
 */
public final class PreviousTokenScores {

  private PreviousTokenScores() {}

  /**
   * Scores every head on {@link RepeatSampling#defaults}.
   *
   * @param model to measure
   * @param seed decides the tokens
   * @return the scores
   * @throws IllegalArgumentException if the context or the vocabulary is too small
   */
  public static HeadScores of(Transformer model, long seed) {
    return of(model, RepeatSampling.defaults(model.config(), seed), RunSettings.plain());
  }

  /**
   * Scores every head on sequences to draw.
   *
   * @param model to measure
   * @param sampling kind, number and seed of the sequences
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if the model refuses the sequences
   */
  public static HeadScores of(Transformer model, RepeatSampling sampling, RunSettings settings) {
    return RepeatDetectors.score(
        model, sampling, settings, sequences -> RepeatDetectors.previousToken());
  }

  /**
   * Scores every head on any tokens, such as text.
   *
   * @param model to measure
   * @param tokens [sequence, pos], pos at least 2
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if the sequences have 1 token or the model refuses them
   */
  public static HeadScores ofTokens(Transformer model, int[][] tokens, RunSettings settings) {
    return RepeatDetectors.previousToken().scores(model, tokens, settings);
  }
}
