package dev.circuitscope.circuits.heads;

import dev.circuitscope.circuits.sampling.BatchedRuns.Pattern;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;

/** The attention to one detector's targets, collected sequence by sequence. */
final class Tally {

  private final HeadDetector detector;
  private final int[][][] targets;
  private final int[] sampleOf;
  private final int samples;
  private final double chance;
  private final double[][][] means;

  Tally(HeadDetector detector, int[][] tokens, TransformerConfig config) {
    this.detector = detector;
    this.targets = new int[tokens.length][][];
    this.sampleOf = new int[tokens.length];
    int counted = 0;
    double uniform = 0;
    for (int b = 0; b < tokens.length; b++) {
      targets[b] = detector.targets().of(b, tokens[b]);
      requireCausal(b, tokens[b].length);
      double chanceHere = mean(b, (dest, src) -> 1.0 / (dest + 1));
      sampleOf[b] = Double.isNaN(chanceHere) ? -1 : counted++;
      uniform += Double.isNaN(chanceHere) ? 0 : chanceHere;
    }
    if (counted == 0) {
      throw new IllegalArgumentException(
          "the %s score has nothing to average: no position of %d sequences has a target; give sequences with repeated tokens"
              .formatted(detector.name(), tokens.length));
    }
    this.samples = counted;
    this.chance = uniform / counted;
    this.means = new double[config.nLayers()][config.nHeads()][counted];
  }

  void add(int sequence, int layer, int head, Pattern pattern) {
    if (sampleOf[sequence] >= 0) {
      means[layer][head][sampleOf[sequence]] = mean(sequence, pattern::at);
    }
  }

  HeadScores scores(Provenance provenance) {
    SampleMean[][] grid =
        Arrays.stream(means)
            .map(layer -> Arrays.stream(layer).map(SampleMean::of).toArray(SampleMean[]::new))
            .toArray(SampleMean[][]::new);
    return detector.result(grid, chance, samples, provenance);
  }

  @FunctionalInterface
  private interface Attention {
    double at(int dest, int src);
  }

  /**
   * mean over destinations d with targets of sum over targets s of A[d, s]; NaN if there is none.
   */
  private double mean(int sequence, Attention attention) {
    double sum = 0;
    int destinations = 0;
    for (int dest = 0; dest < targets[sequence].length; dest++) {
      int[] sources = targets[sequence][dest];
      for (int src : sources) {
        sum += attention.at(dest, src);
      }
      destinations += sources.length > 0 ? 1 : 0;
    }
    return sum / destinations;
  }

  private void requireCausal(int sequence, int length) {
    int[][] all = targets[sequence];
    if (all.length != length) {
      throw new IllegalArgumentException(
          "targets of the %s score: sequence %d has %d tokens, targets were given for %d"
              .formatted(detector.name(), sequence, length, all.length));
    }
    for (int dest = 0; dest < length; dest++) {
      for (int src : all[dest]) {
        if (src < 0 || src > dest) {
          throw new IllegalArgumentException(
              "targets of the %s score: position %d of sequence %d cannot attend to %d"
                  .formatted(detector.name(), dest, sequence, src));
        }
      }
    }
  }
}
