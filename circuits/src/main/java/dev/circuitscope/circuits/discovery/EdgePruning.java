package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.patching.Metric;
import dev.circuitscope.circuits.patching.Metrics;
import dev.circuitscope.core.model.Transformer;
import java.util.Arrays;

/**
 * Finds the edges that a model needs for what it does on a batch, by removing all others: ACDC
 * (Conmy et al., Towards Automated Circuit Discovery for Mechanistic Interpretability, 2023,
 * algorithm 1). Receivers are visited from the logits backwards; of the edges into each, one after
 * the other is removed, and stays so if the metric moves by less than a threshold.
 *
 * <pre>{@code
 * PrunedCircuit pruned = EdgePruning.of(model, tokens, EdgeReference.corrupted(others), 0.01).prune();
 * pruned.circuit().edges();                         // L0H1 -> L1H2.K, ...
 * pruned.agreement(known.edges()).precision();
 *
 * EdgePruning byLogits = EdgePruning.of(model, tokens, reference, 0.1)
 *     .metric(Metrics.logitDifference(correct, incorrect)).movement(Movement.FALL);
 * }</pre>
 *
 * <p>As receivers are visited backwards, all that comes before a receiver is still the whole
 * model's: each attempt runs the layers from the receiver's on, from a residual stream that was
 * computed once. Attempts run several at a time, each as if those before it had succeeded; after
 * one that has not, the rest is run again. Heads and MLPs that nothing reads any more are not
 * computed further, and edges into them go without an attempt. The result is, up to rounding, that
 * of one run of the whole model for each edge.
 *
 * @param model to prune
 * @param tokens [batch, pos]; copied
 * @param reference what removed edges carry
 * @param metric of the logits
 * @param options threshold, order and granularity
 */
public record EdgePruning(
    Transformer model,
    int[][] tokens,
    EdgeReference reference,
    Metric metric,
    PruningOptions options) {

  /**
   * Copies the tokens.
   *
   * @param model to prune
   * @param tokens [batch, pos]
   * @param reference what removed edges carry
   * @param metric of the logits
   * @param options threshold, order and granularity
   */
  public EdgePruning {
    tokens = copy(tokens);
  }

  /**
   * Prepares to prune by how far predictions go from those of the whole model ({@link
   * Metrics#divergence}), in nats.
   *
   * @param model to prune
   * @param tokens [batch, pos]
   * @param reference what removed edges carry
   * @param threshold an edge stays removed if the divergence rises by less
   * @return pruning with the latest sender first, queries, keys and values apart
   * @throws IllegalArgumentException if the threshold is not above 0 and finite, or the tokens are
   *     none that the model can read
   */
  public static EdgePruning of(
      Transformer model, int[][] tokens, EdgeReference reference, double threshold) {
    PruningOptions options = PruningOptions.of(threshold).movement(Movement.RISE);
    Metric divergence = Metrics.divergence(model.run(tokens));
    return new EdgePruning(model, tokens, reference, divergence, options);
  }

  /**
   * The same by another metric, whose every movement counts.
   *
   * @param other metric of the logits
   * @return new pruning
   */
  public EdgePruning metric(Metric other) {
    return new EdgePruning(model, tokens, reference, other, options.movement(Movement.ANY));
  }

  /**
   * The same with other changes that count.
   *
   * @param other which
   * @return new pruning
   */
  public EdgePruning movement(Movement other) {
    return options(options.movement(other));
  }

  /**
   * The same with other options.
   *
   * @param other threshold, movement, order and granularity
   * @return new pruning
   */
  public EdgePruning options(PruningOptions other) {
    return new EdgePruning(model, tokens, reference, metric, other);
  }

  /**
   * Prunes.
   *
   * @return what is left, and every attempt
   * @throws IllegalArgumentException if the reference does not fit the tokens, or the metric is NaN
   */
  public PrunedCircuit prune() {
    return new PruningSearch(this).run();
  }

  /**
   * The batch.
   *
   * @return [batch, pos], a copy
   */
  @Override
  public int[][] tokens() {
    return copy(tokens);
  }

  private static int[][] copy(int[][] rows) {
    return Arrays.stream(rows).map(int[]::clone).toArray(int[][]::new);
  }
}
