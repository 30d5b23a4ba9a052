package dev.circuitscope.core.reference;

/** How surprised the model is by each next token. */
final class CrossEntropy {

  private CrossEntropy() {}

  /** [B, T, V] logits and the tokens to [B, T - 1] nats. */
  static DoubleTensor perToken(DoubleTensor logits, int[][] tokens) {
    int pos = logits.shape()[1];
    int v = logits.shape()[2];
    double[] losses = new double[tokens.length * (pos - 1)];
    for (int b = 0; b < tokens.length; b++) {
      for (int t = 0; t + 1 < pos; t++) {
        int next = tokens[b][t + 1];
        if (next >= v) {
          throw new IllegalStateException(
              "the model predicts " + v + " tokens, so it has no loss for token " + next);
        }
        int row = (b * pos + t) * v;
        // l_t = log sum_v exp(logit_v) - logit_(x_(t+1))
        losses[b * (pos - 1) + t] =
            logSumExp(logits.values(), row, v) - logits.values()[row + next];
      }
    }
    return new DoubleTensor(losses, tokens.length, pos - 1);
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
