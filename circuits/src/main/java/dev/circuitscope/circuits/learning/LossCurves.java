package dev.circuitscope.circuits.learning;

/** Means over losses of sequences. */
final class LossCurves {

  private LossCurves() {}

  static double mean(float[] losses) {
    return mean(losses, 0, losses.length);
  }

  static double mean(float[] losses, int from, int to) {
    double sum = 0;
    for (int t = from; t < to; t++) {
      sum += losses[t];
    }
    return sum / (to - from);
  }

  /** The mean over sequences at every position. */
  static double[] byPosition(float[][] losses) {
    return aligned(losses, new int[losses.length], losses[0].length);
  }

  /** The mean over sequences of n losses, of which sequence b's start at first[b]. */
  static double[] aligned(float[][] losses, int[] first, int n) {
    double[] means = new double[n];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int b = 0; b < losses.length; b++) {
        sum += losses[b][first[b] + i];
      }
      means[i] = sum / losses.length;
    }
    return means;
  }
}
