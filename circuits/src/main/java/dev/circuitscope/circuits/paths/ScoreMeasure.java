package dev.circuitscope.circuits.paths;

import java.util.Optional;

/**
 * Numbers of attention scores whose rows are centred over the sources that a destination may attend
 * to: the softmax does not see what is the same for all of them.
 */
final class ScoreMeasure {

  private final FrozenScores scores;
  private final Optional<int[][]> targets;
  private final int cells;
  private final double[] total;
  private final double squares;

  private ScoreMeasure(FrozenScores scores, Optional<int[][]> targets) {
    this.scores = scores;
    this.targets = targets;
    int allowed = 0;
    for (int dest = 0; dest < scores.run().length(); dest++) {
      allowed += scores.allowed(dest);
    }
    this.cells = allowed;
    this.total = centred(scores.all(0));
    this.squares = dot(total, total);
  }

  static ScoreMeasure of(FrozenScores scores, Optional<int[][]> targets) {
    targets.ifPresent(t -> requireTargets(scores, t));
    return new ScoreMeasure(scores, targets);
  }

  /** All scores of the run. */
  double[] total() {
    return total;
  }

  /** [dest, src] with the mean of each row's allowed sources taken off, 0 where masked. */
  double[] centred(DoubleMatrix term) {
    int n = scores.run().length();
    double[] s = term.values().clone();
    for (int dest = 0; dest < n; dest++) {
      int allowed = scores.allowed(dest);
      double mean = 0;
      for (int src = 0; src < allowed; src++) {
        mean += s[dest * n + src] / allowed;
      }
      for (int src = 0; src < n; src++) {
        s[dest * n + src] = src < allowed ? s[dest * n + src] - mean : 0;
      }
    }
    return s;
  }

  double norm(double[] centred) {
    return Math.sqrt(dot(centred, centred) / cells);
  }

  double share(double[] centred) {
    return dot(centred, total) / squares;
  }

  /** The mean centred score of the targets; NaN without targets. */
  double preference(double[] centred) {
    if (targets.isEmpty()) {
      return Double.NaN;
    }
    int n = scores.run().length();
    double sum = 0;
    int count = 0;
    for (int dest = 0; dest < targets.get().length; dest++) {
      for (int src : targets.get()[dest]) {
        sum += centred[dest * n + src];
        count++;
      }
    }
    return sum / count;
  }

  private static void requireTargets(FrozenScores scores, int[][] targets) {
    boolean any = false;
    for (int dest = 0; dest < targets.length; dest++) {
      for (int src : targets[dest]) {
        any = true;
        if (dest >= scores.run().length() || src < 0 || src >= scores.allowed(dest)) {
          throw new IllegalArgumentException(
              "position %d cannot attend to target %d in a run of %d positions"
                  .formatted(dest, src, scores.run().length()));
        }
      }
    }
    if (!any) {
      throw new IllegalArgumentException(
          "no position of the sequence has a target; take one in which the head has where to look");
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
