package dev.circuitscope.circuits.heads;

import com.google.gson.JsonObject;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.RepeatedSequences;
import java.util.List;

/**
 * All scores on repeated random tokens from the same forward passes.
 *
 * <pre>{@code
 * RepeatScores scores = RepeatScores.of(model, 7L);
 * System.out.println(scores.induction());
 * System.out.println(scores.previousToken());
 * }</pre>
 *
 * @param induction see {@link InductionScores}
 * @param prefixMatching see {@link PrefixMatchingScores}
 * @param previousToken see {@link PreviousTokenScores}
 * @param duplicateToken see {@link DuplicateTokenScores}
 */
public record RepeatScores(
    HeadScores induction,
    HeadScores prefixMatching,
    HeadScores previousToken,
    HeadScores duplicateToken) {

  /**
   * Scores every head on {@link RepeatSampling#defaults}.
   *
   * @param model to measure
   * @param seed decides the tokens
   * @return the scores
   * @throws IllegalArgumentException if the context or the vocabulary is too small
   */
  public static RepeatScores of(Transformer model, long seed) {
    return of(model, RepeatSampling.defaults(model.config(), seed), RunSettings.plain());
  }

  /**
   * Scores every head on sequences to draw.
   *
   * @param model to measure
   * @param sampling kind, number and seed of the sequences
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if blocks have 1 token or the model refuses the sequences
   */
  public static RepeatScores of(Transformer model, RepeatSampling sampling, RunSettings settings) {
    RepeatedSequences drawn = sampling.draw();
    return of(model, drawn, settings, RepeatDetectors.drawn(model, sampling, drawn, settings));
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
  public static RepeatScores of(
      Transformer model, RepeatedSequences sequences, RunSettings settings) {
    return of(model, sequences, settings, RepeatDetectors.given(model, sequences, settings));
  }

  /**
   * The four scores.
   *
   * @return in the order of this record's components
   */
  public List<HeadScores> all() {
    return List.of(induction, prefixMatching, previousToken, duplicateToken);
  }

  /**
   * Renders the scores.
   *
   * @return an object with one entry for each score
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    for (HeadScores scores : all()) {
      json.add(scores.name().replace(' ', '_'), scores.toJson());
    }
    return json;
  }

  private static RepeatScores of(
      Transformer model, RepeatedSequences repeats, RunSettings settings, Provenance provenance) {
    List<HeadScores> scores =
        HeadDetector.score(
            model,
            repeats.tokens(),
            settings,
            provenance,
            List.of(
                RepeatDetectors.induction(repeats),
                RepeatDetectors.prefixMatching(repeats),
                RepeatDetectors.previousToken(),
                RepeatDetectors.duplicateToken(repeats)));
    return new RepeatScores(scores.get(0), scores.get(1), scores.get(2), scores.get(3));
  }
}
