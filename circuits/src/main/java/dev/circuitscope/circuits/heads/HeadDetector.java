package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.BatchedRuns;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import java.util.OptionalLong;

/**
 * A score for heads of some kind: how much of its attention a head gives to where such a head would
 * look.
 *
 * <p>score = mean over sequences of mean over destinations d that have targets of sum over targets
 * s of A[d, s]. A head that does nothing else gets 1. Sequences are the independent samples of the
 * standard error; those in which no destination has a target are left out.
 *
 * <pre>{@code
 * HeadDetector first = new HeadDetector(                     // heads that rest on the first token
 *     "first token", "attention to position 0",
 *     (sequence, tokens) -> IntStream.range(0, tokens.length)
 *         .mapToObj(d -> d == 0 ? new int[0] : new int[1]).toArray(int[][]::new));
 * HeadScores scores = first.scores(model, tokens, RunSettings.plain());
 * }</pre>
 *
 * @param name short, for titles and files
 * @param definition what the score is, in a sentence
 * @param targets where such heads look
 */
public record HeadDetector(String name, String definition, AttentionTargets targets) {

  /**
   * Scores every head on given sequences.
   *
   * @param model to measure
   * @param tokens [sequence, pos]
   * @param settings hooks and batch size
   * @return the scores
   * @throws IllegalArgumentException if no destination of any sequence has a target, or the model
   *     refuses the tokens
   */
  public HeadScores scores(Transformer model, int[][] tokens, RunSettings settings) {
    Provenance provenance =
        Provenance.of(model.config(), tokens, "given tokens", OptionalLong.empty(), settings);
    return score(model, tokens, settings, provenance, List.of(this)).get(0);
  }

  /** Scores of several detectors from the same runs. */
  static List<HeadScores> score(
      Transformer model,
      int[][] tokens,
      RunSettings settings,
      Provenance provenance,
      List<HeadDetector> detectors) {
    List<Tally> tallies =
        detectors.stream().map(detector -> new Tally(detector, tokens, model.config())).toList();
    BatchedRuns.patterns(
        model,
        tokens,
        settings,
        (sequence, layer, head, pattern) -> {
          for (Tally tally : tallies) {
            tally.add(sequence, layer, head, pattern);
          }
        });
    return tallies.stream().map(tally -> tally.scores(provenance)).toList();
  }

  HeadScores result(SampleMean[][] means, double chance, int samples, Provenance provenance) {
    int layers = means.length;
    double[][] values = new double[layers][provenance.model().nHeads()];
    double[][] errors = new double[layers][provenance.model().nHeads()];
    for (int layer = 0; layer < layers; layer++) {
      for (int head = 0; head < means[layer].length; head++) {
        values[layer][head] = means[layer][head].mean();
        errors[layer][head] = means[layer][head].standardError();
      }
    }
    return new HeadScores(name, definition, values, errors, chance, samples, provenance);
  }
}
