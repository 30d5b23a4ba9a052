package dev.circuitscope.circuits.algebra;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Rotary;
import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What an attention head does to the residual stream, by its weights alone (A Mathematical
 * Framework for Transformer Circuits, section "Splitting attention head terms into circuits"). Rows
 * are multiplied from the left: with x the (normalised) stream, the head attends by the scores
 *
 * <pre>
 * x_dest qk x_src^T + b_Q (x_src W_K)^T + (x_dest W_Q) b_K^T + b_Q b_K^T
 * </pre>
 *
 * times the model's {@link dev.circuitscope.core.model.AttentionShape#scale}, and writes x_src ov +
 * b_V W_O from each source in proportion to its attention.
 *
 * <pre>{@code
 * HeadCircuit head = Circuits.of(model).head(new Head(1, 4));
 * head.ov();    // W_V W_O: what moves from source to destination
 * head.qk();    // W_Q W_K^T: which source a destination looks for
 * }</pre>
 *
 * <p>With rotary positions, qk is the circuit at distance 0; see {@link #atDistance}.
 *
 * <p>With smeared keys, these are the scores of a key by itself, of which a source's key is one
 * share and the key before it the other; see {@link KeyPart}.
 *
 * @param head which one
 * @param qk W_Q W_K^T, [d_model, d_model], not scaled; its factors are W_Q and W_K^T
 * @param ov W_V W_O, [d_model, d_model]; its factors are W_V and W_O
 * @param biases b_Q, b_K and b_V
 * @param rotary how queries and keys are rotated by their position, if they are
 */
public record HeadCircuit(
    Head head, FactoredMatrix qk, FactoredMatrix ov, HeadBiases biases, Optional<Rotary> rotary) {

  /**
   * The circuit between a destination and the source that is so many positions before it, with
   * rotary positions: W_Q R_distance W_K^T. Distances add up: that at 2 of that at 3 is that at 5.
   *
   * @param distance destination less source; negative for a source that comes later
   * @return the same head with rotated queries
   * @throws IllegalStateException if the head's positions are not rotary: it has the same circuit
   *     at every distance
   */
  public HeadCircuit atDistance(int distance) {
    Rotary turning = requireRotary(head, rotary);
    double[] query = biases.query();
    double[] turned =
        Doubles.toArray(
            Rotation.by(
                distance, Nd4j.createFromArray(query).reshape('c', 1, query.length), turning));
    return new HeadCircuit(
        head,
        new FactoredMatrix(Rotation.by(distance, qk.a(), turning), qk.b()),
        ov,
        new HeadBiases(turned, biases.key(), biases.value()),
        rotary);
  }

  /**
   * What the head writes whatever it attends to: attention sums to 1, so that b_V W_O is the same
   * at every destination. Folding value biases moves it to b_O.
   *
   * @return d_model numbers
   */
  public double[] outputBias() {
    double[] bias = biases.value();
    return Doubles.toArray(Nd4j.createFromArray(bias).reshape('c', 1, bias.length).mmul(ov.b()));
  }

  static Rotary requireRotary(Head head, Optional<Rotary> rotary) {
    return rotary.orElseThrow(
        () ->
            new IllegalStateException(
                "the positions of %s are not rotary: its circuit is the same at every distance"
                    .formatted(head)));
  }
}
