package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.ScoreTimeline;
import org.apache.commons.math3.stat.regression.SimpleRegression;

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
    return across(timeline.steps(), timeline.inContextLearning(), change);
  }

  static double across(long[] steps, double[] scores, PhaseChange change) {
    long length = change.end() - change.start();
    return mean(steps, scores, change.end(), change.end() + length)
        - mean(steps, scores, change.start() - length, change.start());
  }

  /**
   * How far a line fitted to the score falls from {@code from} to {@code to}, in nats; negative
   * where in-context learning improves.
   */
  static double fitted(ScoreTimeline timeline, long from, long to) {
    return fitted(timeline.steps(), timeline.inContextLearning(), from, to);
  }

  static double fitted(long[] steps, double[] scores, long from, long to) {
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] >= from && steps[i] <= to) {
        line.addData(steps[i], scores[i]);
      }
    }
    return line.getSlope() * (to - from);
  }

  private static double mean(long[] steps, double[] scores, long from, long to) {
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
