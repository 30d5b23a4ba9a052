package dev.circuitscope.core.reference;

/** How surprised the model is by each next token. */
final class CrossEntropy {

  private CrossEntropy() {}

  /** [B, T, V] logits and the tokens to [B, T - 1] nats. */
  static double[] perToken(double[] logits, int[][] tokens, Sizes s) {
    double[] losses = new double[s.b() * (s.t() - 1)];
    for (int b = 0; b < s.b(); b++) {
      for (int t = 0; t + 1 < s.t(); t++) {
        int row = (b * s.t() + t) * s.v();
        // l_t = log sum_v exp(logit_v) - logit_(x_(t+1))
        losses[b * (s.t() - 1) + t] =
            logSumExp(logits, row, s.v()) - logits[row + tokens[b][t + 1]];
      }
    }
    return losses;
  }

  private static double logSumExp(double[] x, int from, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, x[from + i]);
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(x[from + i] - max);
    }
    return max + Math.log(sum);
  }
}
