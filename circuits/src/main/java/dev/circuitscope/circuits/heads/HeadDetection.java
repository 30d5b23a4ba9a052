package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * How similar each head's attention on one sequence is to a given pattern (TransformerLens's {@code
 * detect_head}, whose {@code abs} is rounded to three decimals where this is not).
 *
 * <p>Unlike the scores of a {@link HeadDetector}, {@code mul} counts positions without a target
 * too; so compare heads of one sequence, not sequences.
 *
 * <pre>{@code
 * HeadScores s = HeadDetection.of(model, tokens, DetectionPattern.induction(tokens), Detection.mul());
 * }</pre>
 */
public final class HeadDetection {

  private HeadDetection() {}

  /**
   * Scores every head.
   *
   * @param model to measure
   * @param tokens one sequence
   * @param pattern that heads of the kind would have on it
   * @param detection how patterns are compared
   * @return the scores
   * @throws IllegalArgumentException if the pattern has another length, or the model refuses the
   *     tokens
   */
  public static HeadScores of(
      Transformer model, int[] tokens, DetectionPattern pattern, Detection detection) {
    return of(model, tokens, pattern, detection, RunSettings.plain());
  }

  /**
   * Scores every head of a run with hooks.
   *
   * @param model to measure
   * @param tokens one sequence
   * @param pattern that heads of the kind would have on it
   * @param detection how patterns are compared
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if the pattern has another length, or the model refuses the
   *     tokens
   */
  public static HeadScores of(
      Transformer model,
      int[] tokens,
      DetectionPattern pattern,
      Detection detection,
      RunSettings settings) {
    if (pattern.length() != tokens.length) {
      throw new IllegalArgumentException(
          "the %s pattern is of %d positions, the sequence has %d tokens"
              .formatted(pattern.name(), pattern.length(), tokens.length));
    }
    int[][] batch = {tokens};
    int layers = model.config().nLayers();
    int heads = model.config().nHeads();
    double[][] values = new double[layers][heads];
    BatchedRuns.patterns(
        model,
        batch,
        settings,
        (sequence, layer, head, attention) ->
            values[layer][head] = detection.similarity(attention::at, pattern));
    double[][] unknown = new double[layers][heads];
    Arrays.stream(unknown).forEach(row -> Arrays.fill(row, Double.NaN));
    return new HeadScores(
        pattern.name() + " (" + detection.measure().name().toLowerCase(Locale.ROOT) + ")",
        detection.definition(pattern),
        values,
        unknown,
        detection.chance(pattern),
        1,
        Provenance.of(model.config(), batch, "a given sequence", OptionalLong.empty(), settings));
  }
}
