package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.ScoreTimeline;

/**
 * How far the in-context learning score moves across a stretch of training: its mean over the
 * snapshots of an equally long stretch behind, minus that of one before. Means, because the score
 * compares two positions only and moves from snapshot to snapshot.
 */
final class InContextGain {

  private InContextGain() {}

  /**
   * The move, in nats; negative where in-context learning improves. At the ends of training the
   * stretches are as long as there are snapshots.
   */
  static double across(ScoreTimeline timeline, PhaseChange change) {
    long length = change.end() - change.start();
    return mean(timeline, change.end(), change.end() + length)
        - mean(timeline, change.start() - length, change.start());
  }

  private static double mean(ScoreTimeline timeline, long from, long to) {
    long[] steps = timeline.steps();
    double[] scores = timeline.inContextLearning();
    double sum = 0;
    int n = 0;
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] >= from && steps[i] <= to) {
        sum += scores[i];
        n++;
      }
    }
    return sum / n;
  }
}
