package dev.circuitscope.core.text;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Tokens of which each depends on the one before it alone: text that bigram statistics describe
 * completely, so that the best loss any model can have on it is known exactly.
 *
 * <pre>{@code
 * MarkovChain chain = MarkovChain.random(64, 0.3, 7L);
 * chain.entropyRate();                                     // nats a token: the best loss there is
 * BatchSource batches = MarkovBatches.of(chain, 16, 64, 1L);
 * }</pre>
 *
 * <p>Sequences start in the stationary distribution, so that every position has the same.
 * Immutable.
 */
public final class MarkovChain {

  private static final long PURPOSE = 0x4d41524bL; // "MARK"

  /** How far from 1 a row's sum may be before it is refused. */
  private static final double SUM_TOLERANCE = 1e-9;

  private final double[][] transitions;
  private final double[][] cumulative;
  private final double[] stationary;
  private final double[] stationaryCumulative;
  private final String name;

  private MarkovChain(double[][] transitions, String name) {
    this.transitions = transitions;
    this.stationary = StationaryDistribution.of(transitions);
    this.cumulative = Arrays.stream(transitions).map(MarkovChain::sums).toArray(double[][]::new);
    this.stationaryCumulative = sums(stationary);
    this.name = name;
  }

  /**
   * A chain with given transitions.
   *
   * @param transitions [current][next], the probability of the next token; rows sum to 1; copied
   * @return the chain
   * @throws IllegalArgumentException if the matrix is empty or not square, a row is no
   *     distribution, or some tokens cannot be reached from some others, so that there is no single
   *     stationary distribution in which all occur
   */
  public static MarkovChain of(double[][] transitions) {
    double[][] copy = Arrays.stream(transitions).map(double[]::clone).toArray(double[][]::new);
    for (int i = 0; i < copy.length; i++) {
      double sum = Arrays.stream(copy[i]).sum();
      if (copy[i].length != copy.length
          || Arrays.stream(copy[i]).anyMatch(p -> !(p >= 0))
          || !(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
        throw new IllegalArgumentException(
            "Markov chain: row %d must be %d probabilities that sum to 1; it has %d that sum to %s"
                .formatted(i, copy.length, copy[i].length, sum));
      }
    }
    return new MarkovChain(copy, "given transitions");
  }

  /**
   * A chain whose rows are drawn from a symmetric Dirichlet distribution, each on its own.
   *
   * @param states number of tokens, at least 1
   * @param concentration of the Dirichlet distribution, above 0: 1 makes all rows equally likely,
   *     small ones make few continuations likely, large ones make all continuations alike
   * @param seed decides the rows
   * @return the chain
   * @throws IllegalArgumentException if a number is out of its range, or the concentration is so
   *     small that some tokens are never reached
   */
  public static MarkovChain random(int states, double concentration, long seed) {
    if (states < 1 || !(concentration > 0 && concentration < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "Markov chain: %d states and concentration %s; both must be positive"
              .formatted(states, concentration));
    }
    double[][] rows = new double[states][];
    for (int i = 0; i < states; i++) {
      rows[i] = Dirichlet.draw(states, concentration, Seeds.random(seed, PURPOSE, 0, i));
    }
    return new MarkovChain(rows, "Dirichlet(%s) rows of seed %d".formatted(concentration, seed));
  }

  /**
   * Returns the number of tokens.
   *
   * @return at least 1
   */
  public int states() {
    return transitions.length;
  }

  /**
   * Returns how likely each token is to follow one.
   *
   * @param token the current token
   * @return a probability for each next token; a copy
   * @throws IllegalArgumentException if the token is outside the vocabulary
   */
  public double[] transitions(int token) {
    TokenText.requireInVocabulary("Markov chain", token, transitions.length);
    return transitions[token].clone();
  }

  /**
   * Returns the distribution pi with pi P = pi: how often each token occurs.
   *
   * @return a probability for each token; a copy
   */
  public double[] stationary() {
    return stationary.clone();
  }

  /**
   * Returns the entropy rate, -sum_a pi_a sum_b P_ab ln P_ab: the expected loss of a model that
   * knows the chain, which no model's falls below.
   *
   * @return nats a token
   */
  public double entropyRate() {
    double rate = 0;
    for (int a = 0; a < transitions.length; a++) {
      for (double p : transitions[a]) {
        if (p > 0) {
          rate -= stationary[a] * p * Math.log(p);
        }
      }
    }
    return rate;
  }

  /** Draws a sequence from the stationary distribution on. */
  int[] sequence(int length, SplittableRandom random) {
    Objects.requireNonNull(random, "random");
    int[] sequence = new int[length];
    for (int t = 0; t < length; t++) {
      double[] sums = t == 0 ? stationaryCumulative : cumulative[sequence[t - 1]];
      sequence[t] = draw(sums, random);
    }
    return sequence;
  }

  private static int draw(double[] sums, SplittableRandom random) {
    double point = random.nextDouble() * sums[sums.length - 1];
    int found = Arrays.binarySearch(sums, point);
    if (found < 0) {
      return -found - 1;
    }
    // A token owns [sum before it, sum with it): an exact hit belongs to the next that has a share.
    int next = found;
    while (sums[next] <= point) {
      next++;
    }
    return next;
  }

  private static double[] sums(double[] probabilities) {
    double[] sums = probabilities.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }

  /** One line: size and origin. */
  @Override
  public String toString() {
    return "a Markov chain of %d tokens, %s".formatted(transitions.length, name);
  }
}
