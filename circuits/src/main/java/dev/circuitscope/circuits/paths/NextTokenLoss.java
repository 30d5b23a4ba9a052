package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.array.LogSumExp;

/** Cross-entropy in nats of logits on one sequence. */
final class NextTokenLoss {

  private NextTokenLoss() {}

  /** The mean over all positions but the last. */
  static double mean(DoubleMatrix logits, int[] tokens) {
    if (tokens.length < 2) {
      throw new IllegalArgumentException("a loss needs sequences of at least 2 tokens, got 1");
    }
    int v = logits.columns();
    double[] values = logits.values();
    double sum = 0;
    for (int t = 0; t + 1 < tokens.length; t++) {
      int next = tokens[t + 1];
      if (next >= v) {
        throw new IllegalArgumentException(
            "the model predicts %d tokens, so it has no loss for token %d".formatted(v, next));
      }
      // l_t = log sum_v exp(logit_v) - logit_(x_(t+1))
      sum += LogSumExp.of(values, t * v, v) - values[t * v + next];
    }
    return sum / (tokens.length - 1);
  }
}
