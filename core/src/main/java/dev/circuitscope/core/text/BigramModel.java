package dev.circuitscope.core.text;

/**
 * Probabilities of the next token given the current one, estimated from counts. Each row is the
 * counts beside a share of the frequencies of all next tokens (a Dirichlet prior of strength k; the
 * smoothing of MacKay and Peto, A Hierarchical Dirichlet Language Model, 1995):
 *
 * <p>p(b | a) = (c(a, b) + k p(b)) / (c(a) + k), with p(b) = (c(b) + 1/2) / (N + V/2)
 *
 * <pre>{@code
 * BigramModel bigrams = BigramModel.of(BigramCounts.of(training));
 * double floor = bigrams.crossEntropy(BigramCounts.of(heldOut));   // nats a token
 * }</pre>
 */
public final class BigramModel {

  /** Strengths of the prior that {@link #of(BigramCounts)} chooses from: 2^-6 to 2^16. */
  private static final int LEAST_EXPONENT = -6;

  private static final int MOST_EXPONENT = 16;

  private final BigramCounts counts;
  private final double strength;
  private final double[] unigram;

  private BigramModel(BigramCounts counts, double strength, double[] unigram) {
    if (!(strength > 0 && strength < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "bigram model: the strength of the prior is positive and finite, was " + strength);
    }
    this.counts = counts;
    this.strength = strength;
    this.unigram = unigram;
  }

  /**
   * Estimates probabilities with the strength, a power of 2, that predicts each counted pair best
   * from the others ({@link #leaveOneOutEntropy}).
   *
   * @param counts of a corpus
   * @return the probabilities
   */
  public static BigramModel of(BigramCounts counts) {
    double[] unigram = unigram(counts);
    BigramModel best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int e = LEAST_EXPONENT; e <= MOST_EXPONENT; e++) {
      BigramModel model = new BigramModel(counts, Math.scalb(1.0, e), unigram);
      double entropy = model.leaveOneOutEntropy();
      if (entropy < least) {
        least = entropy;
        best = model;
      }
    }
    return best;
  }

  /**
   * Estimates probabilities with a given prior.
   *
   * @param counts of a corpus
   * @param strength k, above 0: how many observations the prior counts as
   * @return the probabilities
   * @throws IllegalArgumentException if the strength is not positive and finite
   */
  public static BigramModel of(BigramCounts counts, double strength) {
    return new BigramModel(counts, strength, unigram(counts));
  }

  /**
   * Returns what the probabilities were estimated from.
   *
   * @return the counts
   */
  public BigramCounts counts() {
    return counts;
  }

  /**
   * Returns the strength of the prior.
   *
   * @return k
   */
  public double strength() {
    return strength;
  }

  /**
   * Returns the probability of a token given the one before it.
   *
   * @param token the current token
   * @param following the next one
   * @return p(following | token), above 0
   * @throws IllegalArgumentException if an id is outside the vocabulary
   */
  public double probability(int token, int following) {
    return probability(counts.count(token, following), counts.count(token), following);
  }

  /**
   * Returns the probabilities of all tokens given the one before them.
   *
   * @param token the current token
   * @return one for each token, summing to 1; a new array
   * @throws IllegalArgumentException if the id is outside the vocabulary
   */
  public double[] row(int token) {
    double[] row = new double[unigram.length];
    long context = counts.count(token);
    for (int b = 0; b < row.length; b++) {
      row[b] = probability(0, context, b);
    }
    counts.forEach(token, (b, count) -> row[b] = probability(count, context, b));
    return row;
  }

  /**
   * Returns the mean loss of these probabilities on other pairs, held-out text for instance.
   *
   * @param others pairs to predict, of the same vocabulary
   * @return nats a pair; 0 if there are none
   * @throws IllegalArgumentException if the vocabularies differ in size
   */
  public double crossEntropy(BigramCounts others) {
    if (others.vocabSize() != counts.vocabSize()) {
      throw new IllegalArgumentException(
          "cross-entropy: bigrams of a vocabulary of %d cannot be predicted from one of %d"
              .formatted(others.vocabSize(), counts.vocabSize()));
    }
    double[] sum = {0};
    for (int a = 0; a < others.vocabSize(); a++) {
      int token = a;
      others.forEach(a, (b, count) -> sum[0] -= count * Math.log(probability(token, b)));
    }
    return others.total() == 0 ? 0 : sum[0] / others.total();
  }

  /**
   * Returns the mean loss on the counted pairs when each is predicted from all the others, the
   * frequencies p(b) aside: an estimate of the loss on new text that needs none.
   *
   * @return nats a pair; 0 if there are none
   */
  public double leaveOneOutEntropy() {
    double[] sum = {0};
    for (int a = 0; a < counts.vocabSize(); a++) {
      long context = counts.count(a);
      counts.forEach(
          a, (b, count) -> sum[0] -= count * Math.log(probability(count - 1, context - 1, b)));
    }
    return counts.total() == 0 ? 0 : sum[0] / counts.total();
  }

  private double probability(int count, long context, int following) {
    // (c(a, b) + k p(b)) / (c(a) + k)
    return (count + strength * unigram[following]) / (context + strength);
  }

  private static double[] unigram(BigramCounts counts) {
    int v = counts.vocabSize();
    double[] p = new double[v];
    for (int a = 0; a < v; a++) {
      counts.forEach(a, (b, count) -> p[b] += count);
    }
    for (int b = 0; b < v; b++) {
      p[b] = (p[b] + 0.5) / (counts.total() + 0.5 * v);
    }
    return p;
  }

  /** One line: counts and strength. */
  @Override
  public String toString() {
    return "%s, smoothed with strength %s".formatted(counts, strength);
  }
}
