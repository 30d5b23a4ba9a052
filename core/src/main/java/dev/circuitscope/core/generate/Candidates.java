package dev.circuitscope.core.generate;

import dev.circuitscope.core.array.LogSumExp;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The tokens that a draw chooses between, with their weights. */
final class Candidates {

  private final int[] tokens;
  private final double[] weights;
  private final double total;

  private Candidates(int[] tokens, double[] weights) {
    this.tokens = tokens;
    this.weights = weights;
    this.total = Arrays.stream(weights).sum();
  }

  static Candidates of(float[] logits, Sampling sampling) {
    float max = largest(logits);
    if (sampling.temperature() == 0) {
      return new Candidates(new int[] {firstOf(logits, max)}, new double[] {1});
    }
    if (sampling.topK() >= logits.length && sampling.topP() == 1) {
      int[] all = IntStream.range(0, logits.length).toArray();
      return new Candidates(all, weights(logits, all, max, sampling.temperature()));
    }
    int[] tokens = ranked(logits, Math.min(sampling.topK(), logits.length));
    double[] weights = weights(logits, tokens, max, sampling.temperature());
    int kept = sampling.topP() == 1 ? tokens.length : nucleus(weights, sampling.topP());
    return new Candidates(Arrays.copyOf(tokens, kept), Arrays.copyOf(weights, kept));
  }

  int size() {
    return tokens.length;
  }

  int token(int i) {
    return tokens[i];
  }

  double probability(int i) {
    return weights[i] / total;
  }

  /** The token at a place from 0 to below 1 of the distribution function. */
  int at(double u) {
    double left = u * total;
    int last = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          break;
        }
      }
    }
    return tokens[last];
  }

  /** log softmax of one token, in nats. */
  static double logProbability(float[] logits, int token) {
    double[] exact = new double[logits.length];
    Arrays.setAll(exact, t -> logits[t]);
    return exact[token] - LogSumExp.of(exact, 0, exact.length);
  }

  private static float largest(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (int t = 0; t < logits.length; t++) {
      if (Float.isNaN(logits[t]) || logits[t] == Float.POSITIVE_INFINITY) {
        throw new IllegalArgumentException(
            "no token can be drawn: the logit of token " + t + " is " + logits[t]);
      }
      max = Math.max(max, logits[t]);
    }
    if (max == Float.NEGATIVE_INFINITY) {
      throw new IllegalArgumentException(
          "no token can be drawn: none of " + logits.length + " logits is above -infinity");
    }
    return max;
  }

  private static int firstOf(float[] logits, float value) {
    return IntStream.range(0, logits.length).filter(t -> logits[t] == value).findFirst().orElse(0);
  }

  /** exp((logit - max) / temperature). */
  private static double[] weights(float[] logits, int[] tokens, float max, double temperature) {
    double[] weights = new double[tokens.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(((double) logits[tokens[i]] - max) / temperature);
    }
    return weights;
  }

  /** How many of the first weights have a share p of all together; at least one. */
  private static int nucleus(double[] weights, double p) {
    double enough = p * Arrays.stream(weights).sum();
    double sum = weights[0];
    int n = 1;
    while (n < weights.length && sum < enough) {
      sum += weights[n++];
    }
    return n;
  }

  /** The k most likely tokens in order; of equal ones the lower id first. */
  private static int[] ranked(float[] logits, int k) {
    long[] keys = new long[logits.length];
    for (int t = 0; t < keys.length; t++) {
      // Adding 0 makes -0 the same as 0.
      int bits = Float.floatToRawIntBits(logits[t] + 0f);
      // As integers, negative floats are in the wrong order.
      int ordered = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[t] = (long) ~ordered << Integer.SIZE | t;
    }
    Arrays.sort(keys);
    return Arrays.stream(keys, 0, k).mapToInt(key -> (int) key).toArray();
  }
}
