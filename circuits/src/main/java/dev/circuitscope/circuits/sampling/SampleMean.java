package dev.circuitscope.circuits.sampling;

import com.google.gson.JsonObject;

/**
 * The mean of independent samples, and how far it may be from the mean of infinitely many.
 *
 * @param mean of the samples
 * @param standardError s / sqrt(n), with s the samples' standard deviation (n - 1 in its
 *     denominator); NaN when there is one sample
 * @param samples how many there were, n
 */
public record SampleMean(double mean, double standardError, int samples) {

  /**
   * Checks that there is a sample and that the mean is a number.
   *
   * @param mean of the samples
   * @param standardError s / sqrt(n), with s the samples' standard deviation (n - 1 in its
   *     denominator); NaN when there is one sample
   * @param samples how many there were, n
   * @throws IllegalArgumentException if there is no sample or the mean is not finite
   */
  public SampleMean {
    if (samples < 1) {
      throw new IllegalArgumentException("a mean needs at least one sample, got " + samples);
    }
    if (!Double.isFinite(mean)) {
      throw new IllegalArgumentException(
          "the mean of "
              + samples
              + " samples is "
              + mean
              + "; the model's activations are not finite, check its weights");
    }
  }

  /**
   * Averages samples.
   *
   * @param samples at least one
   * @return their mean and its error
   * @throws IllegalArgumentException if there is none, or one is not finite
   */
  public static SampleMean of(double... samples) {
    double sum = 0;
    for (double x : samples) {
      sum += x;
    }
    double mean = sum / samples.length;
    double squares = 0;
    for (double x : samples) {
      squares += (x - mean) * (x - mean);
    }
    int n = samples.length;
    double error = n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n);
    return new SampleMean(mean, error, n);
  }

  /**
   * Renders the mean.
   *
   * @return an object with mean, standard_error and samples
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("mean", mean);
    json.add("standard_error", JsonNumbers.of(standardError));
    json.addProperty("samples", samples);
    return json;
  }

  /** For example {@code 0.8125 +- 0.0042}. */
  @Override
  public String toString() {
    return "%.4f +- %.4f".formatted(mean, standardError);
  }
}
