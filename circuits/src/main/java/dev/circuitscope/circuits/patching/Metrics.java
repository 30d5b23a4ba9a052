package dev.circuitscope.circuits.patching;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The metrics that circuit analyses use most; all have gradients. */
public final class Metrics {

  private Metrics() {}

  /**
   * Logit of the correct token less that of the incorrect one at the last position, averaged over
   * examples.
   *
   * @param correct [batch] tokens
   * @param incorrect [batch] tokens
   * @return the metric
   * @throws IllegalArgumentException if there is no example, or their numbers differ
   */
  public static DifferentiableMetric logitDifference(int[] correct, int[] incorrect) {
    int[] last = new int[correct.length];
    Arrays.fill(last, LogitDifference.LAST);
    return new LogitDifference(correct, incorrect, last);
  }

  /**
   * Logit of the correct token less that of the incorrect one at given positions, averaged over
   * examples.
   *
   * @param correct [batch] tokens
   * @param incorrect [batch] tokens
   * @param positions [batch] from 0
   * @return the metric
   * @throws IllegalArgumentException if there is no example, or their numbers differ
   */
  public static DifferentiableMetric logitDifference(
      int[] correct, int[] incorrect, int[] positions) {
    for (int position : positions) {
      if (position < 0) {
        throw new IllegalArgumentException(
            "logit difference: positions are counted from 0, was " + position);
      }
    }
    return new LogitDifference(correct, incorrect, positions);
  }

  /**
   * The mean next-token cross-entropy in nats.
   *
   * @param tokens [batch, pos], whose next tokens are to be predicted; pos at least 2
   * @return the metric
   * @throws IllegalArgumentException if there is nothing to predict or the batch is ragged
   */
  public static DifferentiableMetric loss(int[][] tokens) {
    return new NextTokenLoss(tokens);
  }

  /**
   * The sum of all logits, each times a weight.
   *
   * @param weights [batch, pos, d_vocab_out]; copied
   * @return the metric
   * @throws IllegalArgumentException if it has not three axes
   */
  public static DifferentiableMetric linear(INDArray weights) {
    return new LinearMetric(weights);
  }

  /**
   * How far predictions are from given ones: the Kullback-Leibler divergence of the softmax of the
   * measured logits from that of the given, in nats, averaged over examples and positions.
   *
   * <pre>{@code
   * Metric changed = Metrics.divergence(model.run(tokens));    // 0 for the model as it is
   * }</pre>
   *
   * @param logits [batch, pos, d_vocab_out]; copied
   * @return the metric
   * @throws IllegalArgumentException if it has not three axes
   */
  public static DifferentiableMetric divergence(INDArray logits) {
    return new KlDivergence(logits);
  }
}
