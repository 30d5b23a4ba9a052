package dev.circuitscope.circuits.learning;

import java.util.ArrayList;
import java.util.List;

/**
 * The derivative of the loss with respect to the logarithm of the token index: how many nats a
 * model gains, as a negative number, when its context grows by a factor e (In-context Learning and
 * Induction Heads, "derivative of loss with respect to log token index").
 *
 * <p>The token index of a loss is the number of tokens that the prediction is made from: the loss
 * at position t has index t + 1. In a band of indices the derivative is the slope of the straight
 * line that fits the losses over ln(index) best, by least squares.
 *
 * <pre>{@code
 * double[] losses = InContextLearning.of(model, heldOut).lossByPosition();
 * LogIndexSlope.between(losses, 64, 128).slope();     // -0.06
 * LogIndexSlope.octaves(losses);                      // [2, 4), [4, 8), ... as far as they go
 * }</pre>
 *
 * @param from first token index of the band
 * @param to token index behind the band
 * @param slope d loss / d ln(index), in nats
 */
public record LogIndexSlope(int from, int to, double slope) {

  /**
   * Checks the band.
   *
   * @param from first token index of the band
   * @param to token index behind the band
   * @param slope d loss / d ln(index), in nats
   * @throws IllegalArgumentException if the band has no two indices from 1
   */
  public LogIndexSlope {
    if (from < 1 || to - from < 2) {
      throw new IllegalArgumentException(
          "a slope needs at least two token indices from 1, the band was %d to below %d"
              .formatted(from, to));
    }
  }

  /**
   * The derivative in a band.
   *
   * @param lossByPosition at t the mean loss of predicting token t + 1
   * @param from first token index of the band, at least 1
   * @param to token index behind the band, at most the number of losses and 1
   * @return the slope
   * @throws IllegalArgumentException if the band has no two indices or reaches beyond the losses
   */
  public static LogIndexSlope between(double[] lossByPosition, int from, int to) {
    if (to > lossByPosition.length + 1) {
      throw new IllegalArgumentException(
          "losses by log token index: the band %d to below %d reaches beyond index %d, the last that has a loss"
              .formatted(from, to, lossByPosition.length));
    }
    LogIndexSlope band = new LogIndexSlope(from, to, 0);
    double meanX = 0;
    double meanY = 0;
    for (int index = from; index < to; index++) {
      meanX += Math.log(index) / (to - from);
      meanY += lossByPosition[index - 1] / (to - from);
    }
    // slope = sum (x - mean x)(y - mean y) / sum (x - mean x)^2
    double covariance = 0;
    double variance = 0;
    for (int index = from; index < to; index++) {
      double x = Math.log(index) - meanX;
      covariance += x * (lossByPosition[index - 1] - meanY);
      variance += x * x;
    }
    return new LogIndexSlope(band.from, band.to, covariance / variance);
  }

  /**
   * The derivative in the bands from 2^k to below 2^(k + 1), k at least 1, that have all their
   * losses.
   *
   * @param lossByPosition at t the mean loss of predicting token t + 1
   * @return the slopes, lower indices first
   */
  public static List<LogIndexSlope> octaves(double[] lossByPosition) {
    List<LogIndexSlope> slopes = new ArrayList<>();
    for (int from = 2; 2L * from <= lossByPosition.length + 1L; from *= 2) {
      slopes.add(between(lossByPosition, from, 2 * from));
    }
    return slopes;
  }

  /** For example {@code tokens 64 to 127: -0.0610 nats per factor e}. */
  @Override
  public String toString() {
    return "tokens %d to %d: %.4f nats per factor e".formatted(from, to - 1, slope);
  }
}
