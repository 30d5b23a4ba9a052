package dev.circuitscope.circuits.algebra;

import com.google.gson.JsonObject;
import java.util.Arrays;

/**
 * What a number is for random weights: a sample of its values, against which that of a trained
 * model stands out or does not.
 *
 * <pre>{@code
 * RandomSpread spread = RandomCircuits.ovPositivity(model.config(), 100, 7L);
 * spread.zScore(0.42);          // 5.1 deviations above the mean
 * spread.pValue(0.42);          // 0.0099: none of 100 came as high
 * spread.isBeyond(0.42, 0.01);  // true
 * }</pre>
 *
 * @param what the number and the random weights, in words
 * @param values of the samples, at least 2, the smallest first; copied in and out
 * @param seed that they were drawn with
 */
public record RandomSpread(String what, double[] values, long seed) {

  /**
   * Sorts the values.
   *
   * @param what the number and the random weights, in words
   * @param values of the samples, at least 2, in any order; copied
   * @param seed that they were drawn with
   * @throws IllegalArgumentException if there are fewer than 2 values, or one is not finite
   */
  public RandomSpread {
    values = values.clone();
    if (values.length < 2) {
      throw new IllegalArgumentException(
          "the spread of %s needs at least 2 samples, was %d".formatted(what, values.length));
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a sample of %s is %s".formatted(what, value));
      }
    }
    Arrays.sort(values);
  }

  /**
   * The values of the samples.
   *
   * @return the smallest first, a copy
   */
  @Override
  public double[] values() {
    return values.clone();
  }

  /**
   * How many were drawn.
   *
   * @return at least 2
   */
  public int samples() {
    return values.length;
  }

  /**
   * The mean of the samples.
   *
   * @return their sum over their number
   */
  public double mean() {
    return Arrays.stream(values).sum() / values.length;
  }

  /**
   * The standard deviation, estimated from the samples.
   *
   * @return with samples - 1 in the denominator
   */
  public double deviation() {
    double mean = mean();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  /**
   * A quantile, between the samples by linear interpolation (Hyndman and Fan's seventh definition,
   * that of R and NumPy).
   *
   * @param share from 0, the smallest, to 1, the largest
   * @return the value that this share of the samples is below
   * @throws IllegalArgumentException if the share is outside 0 to 1
   */
  public double quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("a quantile's share is from 0 to 1, was " + share);
    }
    double at = share * (values.length - 1);
    int below = (int) Math.floor(at);
    int above = Math.min(values.length - 1, below + 1);
    return values[below] + (at - below) * (values[above] - values[below]);
  }

  /**
   * How many deviations a value is above the mean.
   *
   * @param value any
   * @return negative below it; infinite if all samples are alike and the value is another, 0 if it
   *     is the same
   */
  public double zScore(double value) {
    double above = value - mean();
    return above == 0 ? 0 : above / deviation();
  }

  /**
   * How likely random weights come as high: (1 + samples at or above it) / (1 + samples), the value
   * itself being counted as one of them (Davison and Hinkley 1997, section 4.2.3).
   *
   * @param value any
   * @return over 0, at most 1
   */
  public double pValue(double value) {
    long above = Arrays.stream(values).filter(v -> v >= value).count();
    return (1.0 + above) / (1 + values.length);
  }

  /**
   * Whether a value is higher than chance would explain.
   *
   * @param value any
   * @param level how often random weights may come as high, such as 0.01
   * @return whether {@link #pValue} is at most the level
   * @throws IllegalArgumentException if the level is outside 0 to 1, or so low that no value could
   *     reach it with so few samples
   */
  public boolean isBeyond(double value, double level) {
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException("a level is between 0 and 1, was " + level);
    }
    if (level * (1 + values.length) < 1 - 1e-9) {
      throw new IllegalArgumentException(
          "%d samples cannot show a level of %s; draw at least %d"
              .formatted(values.length, level, (int) Math.ceil(1 / level - 1e-9) - 1));
    }
    return pValue(value) <= level * (1 + 1e-12);
  }

  /**
   * Renders the spread.
   *
   * @return mean, deviation and some quantiles
   */
  public JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("of", what);
    json.addProperty("samples", samples());
    json.addProperty("seed", seed);
    json.addProperty("mean", mean());
    json.addProperty("deviation", deviation());
    JsonObject quantiles = new JsonObject();
    for (double share : new double[] {0, 0.01, 0.05, 0.5, 0.95, 0.99, 1}) {
      quantiles.addProperty(String.valueOf(share), quantile(share));
    }
    json.add("quantiles", quantiles);
    return json;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RandomSpread o
        && what.equals(o.what)
        && Arrays.equals(values, o.values)
        && seed == o.seed;
  }

  @Override
  public int hashCode() {
    return 31 * what.hashCode() + Arrays.hashCode(values);
  }

  /** For example {@code 0.001 +- 0.081, 99% below 0.190 (100 samples of ..., seed 7)}. */
  @Override
  public String toString() {
    return "%.3f +- %.3f, 99%% below %.3f (%d samples of %s, seed %d)"
        .formatted(mean(), deviation(), quantile(0.99), samples(), what, seed);
  }
}
