package dev.circuitscope.core.generate;

import java.util.SplittableRandom;

/**
 * How a token is drawn from logits: softmax at a temperature, over the {@code topK} most likely
 * tokens, of which the fewest are kept that have {@code topP} of the probability together (nucleus
 * sampling; Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020, section 3.1). Of
 * equally likely tokens the one with the lower id comes first.
 *
 * <pre>{@code
 * Sampling.greedy()                                        // always the most likely token
 * Sampling.random(7L).withTemperature(0.8).withTopK(40)    // seed 7
 * Sampling.random(7L).withTopP(0.9).probabilities(logits)  // what is drawn from
 * }</pre>
 *
 * <p>The random number of a draw depends on the seed, the example and the step alone, not on other
 * examples.
 *
 * @param temperature what logits are divided by; 0 always takes the most likely token
 * @param topK how many tokens are candidates, at least 1; {@code Integer.MAX_VALUE} for all
 * @param topP the probability that candidates have together, from 0 (one token) to 1 (all)
 * @param seed of the random numbers
 */
public record Sampling(double temperature, int topK, double topP, long seed) {

  /**
   * Checks the ranges.
   *
   * @param temperature at least 0, finite
   * @param topK at least 1
   * @param topP from 0 to 1
   * @param seed any number
   */
  public Sampling {
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the temperature must be a number from 0, was " + temperature);
    }
    if (topK < 1) {
      throw new IllegalArgumentException("top-k must be at least 1, was " + topK);
    }
    if (!(topP >= 0 && topP <= 1)) {
      throw new IllegalArgumentException("top-p must be from 0 to 1, was " + topP);
    }
  }

  /**
   * Always the most likely token.
   *
   * @return sampling at temperature 0
   */
  public static Sampling greedy() {
    return new Sampling(0, Integer.MAX_VALUE, 1, 0);
  }

  /**
   * From the model's own distribution.
   *
   * @param seed of the random numbers
   * @return sampling at temperature 1 from all tokens
   */
  public static Sampling random(long seed) {
    return new Sampling(1, Integer.MAX_VALUE, 1, seed);
  }

  /**
   * At another temperature.
   *
   * @param newTemperature at least 0
   * @return new sampling
   */
  public Sampling withTemperature(double newTemperature) {
    return new Sampling(newTemperature, topK, topP, seed);
  }

  /**
   * From another number of candidates.
   *
   * @param newTopK at least 1
   * @return new sampling
   */
  public Sampling withTopK(int newTopK) {
    return new Sampling(temperature, newTopK, topP, seed);
  }

  /**
   * From candidates with another probability.
   *
   * @param newTopP from 0 to 1
   * @return new sampling
   */
  public Sampling withTopP(double newTopP) {
    return new Sampling(temperature, topK, newTopP, seed);
  }

  /**
   * The probability of each token to be drawn.
   *
   * @param logits one per token, finite or negative infinity; not modified
   * @return one per token, which sum to 1; 0 for tokens that are no candidates
   * @throws IllegalArgumentException if a logit is NaN or positive infinity, or no token is
   *     possible
   */
  public double[] probabilities(float[] logits) {
    Candidates candidates = Candidates.of(logits, this);
    double[] probabilities = new double[logits.length];
    for (int i = 0; i < candidates.size(); i++) {
      probabilities[candidates.token(i)] = candidates.probability(i);
    }
    return probabilities;
  }

  /**
   * Draws a token.
   *
   * @param logits one per token, finite or negative infinity; not modified
   * @param example the number of the stream of random numbers
   * @param step the number of the draw within the stream
   * @return its id
   * @throws IllegalArgumentException if a logit is NaN or positive infinity, or no token is
   *     possible
   */
  public int draw(float[] logits, int example, int step) {
    return Candidates.of(logits, this).at(uniform(example, step));
  }

  @Override
  public String toString() {
    if (temperature == 0) {
      return "greedy";
    }
    return "temperature "
        + temperature
        + (topK == Integer.MAX_VALUE ? "" : ", top-k " + topK)
        + (topP == 1 ? "" : ", top-p " + topP)
        + ", seed "
        + seed;
  }

  /** A number from 0 to below 1; each coordinate goes through the generator's mixing once. */
  private double uniform(int example, int step) {
    long ofExample = new SplittableRandom(seed).nextLong() + example;
    long ofStep = new SplittableRandom(ofExample).nextLong() + step;
    return new SplittableRandom(ofStep).nextDouble();
  }
}
