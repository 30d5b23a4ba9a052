package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.patching.Metric;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Runs of a model restricted to circuits. Along a removed edge the receiver reads what the sender
 * writes in a reference run, and along all others what it writes in this one:
 *
 * <pre>
 * x(receiver) = sum over kept edges of written(sender) + sum over removed edges of reference(sender)
 *             + output biases of attention, which belong to no sender
 * </pre>
 *
 * <pre>{@code
 * CircuitRun run = CircuitRun.of(model, tokens, EdgeReference.corrupted(others));
 * INDArray whole = run.logits(Circuit.whole(model.config()));       // model.run(tokens)
 * INDArray only  = run.logits(Circuit.of(model.config(), edges));
 * }</pre>
 *
 * <p>With all edges it is the model itself, bit by bit. With none, all that is left of the tokens
 * is the reference: the logits are those of the corrupted tokens if positions are the {@linkplain
 * EdgeReference#samePositions same}.
 *
 * <p>A run holds what every sender writes, on the tokens and in the reference: twice {@code senders
 * x batch x pos x d_model} floats.
 */
public final class CircuitRun {

  private final RunValues values;

  private CircuitRun(RunValues values) {
    this.values = values;
  }

  /**
   * Prepares to run circuits on a batch.
   *
   * @param model to run
   * @param tokens [batch, pos]
   * @param reference what removed edges carry
   * @return runs of any circuit of the model
   * @throws IllegalArgumentException if the tokens are none that the model can read, or the
   *     reference is of another shape
   */
  public static CircuitRun of(Transformer model, int[][] tokens, EdgeReference reference) {
    return new CircuitRun(new RunValues(model, tokens, reference));
  }

  /**
   * What a circuit predicts.
   *
   * @param circuit of the model
   * @return [batch, pos, d_vocab_out]
   * @throws IllegalArgumentException if the circuit is one of another shape
   */
  public INDArray logits(Circuit circuit) {
    if (!circuit.config().equals(values.model().config())) {
      throw new IllegalArgumentException(
          "the circuit is one of another configuration than the model's: %s, not %s"
              .formatted(circuit.config(), values.model().config()));
    }
    CorrectedRun run = new CorrectedRun(values, 0, circuit.removed(), List.of(List.of()));
    return values.logits(run.ends()[0]);
  }

  /**
   * A metric of what a circuit predicts.
   *
   * @param circuit of the model
   * @param metric of the logits
   * @return its value
   * @throws IllegalArgumentException if the circuit is one of another shape
   */
  public double value(Circuit circuit, Metric metric) {
    return metric.of(logits(circuit));
  }
}
