package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;

/**
 * How much each head attends to earlier occurrences of the current token itself.
 *
 * <p>It is summed over the earlier occurrences, averaged over positions that have one, then over
 * sequences. On random repeats the occurrences are multiples of the period back.
 *
 * <pre>{@code
 * HeadScores duplicates = DuplicateTokenScores.of(model, 7L);
 * }</pre>
 */
public final class DuplicateTokenScores {

  private DuplicateTokenScores() {}

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
   * Scores every head on sequences to draw; destinations are the positions of the second and later
   * copies.
   *
   * @param model to measure
   * @param sampling kind, number and seed of the sequences
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if the model refuses the sequences
   */
  public static HeadScores of(Transformer model, RepeatSampling sampling, RunSettings settings) {
    return RepeatDetectors.score(model, sampling, settings, RepeatDetectors::duplicateToken);
  }

  /**
   * Scores every head on given sequences; destinations are the positions of the second and later
   * copies.
   *
   * @param model to measure
   * @param sequences that repeat
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if nothing repeats or the model refuses the sequences
   */
  public static HeadScores of(
      Transformer model, RepeatedSequences sequences, RunSettings settings) {
    return RepeatDetectors.score(model, sequences, settings, RepeatDetectors::duplicateToken);
  }

  /**
   * Scores every head on any tokens, such as text; destinations are all positions whose token
   * occurred before.
   *
   * @param model to measure
   * @param tokens [sequence, pos]
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if no token occurs twice or the model refuses the tokens
   */
  public static HeadScores ofTokens(Transformer model, int[][] tokens, RunSettings settings) {
    return RepeatDetectors.duplicateToken((sequence, position) -> true)
        .scores(model, tokens, settings);
  }
}
