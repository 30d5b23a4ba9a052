package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;

/**
 * How much each head attends like an induction head on repeated random tokens: from a token of a
 * later copy of the block to the token that followed it one copy earlier, {@code period - 1}
 * positions back (A Mathematical Framework for Transformer Circuits, induction heads).
 *
 * <p>score = mean over positions d of the second and later copies of A[d, d - period + 1], then
 * over sequences. It sees attention only, not what is copied.
 *
 * <pre>{@code
 * HeadScores induction = InductionScores.of(model, 7L);     // every head, one call
 * System.out.println(induction.best());                     // L1H4
 * }</pre>
 */
public final class InductionScores {

  private InductionScores() {}

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
    return RepeatDetectors.score(model, sampling, settings, RepeatDetectors::induction);
  }

  /**
   * Scores every head on given sequences.
   *
   * @param model to measure
   * @param sequences with blocks of at least 2 tokens
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if a block has 1 token, nothing repeats, or the model refuses
   *     the sequences
   */
  public static HeadScores of(
      Transformer model, RepeatedSequences sequences, RunSettings settings) {
    return RepeatDetectors.score(model, sequences, settings, RepeatDetectors::induction);
  }
}
