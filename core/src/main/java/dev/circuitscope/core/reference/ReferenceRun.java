package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that one forward pass computed.
 *
 * @param logits [batch, pos, d_vocab]
 * @param lossPerToken next-token cross-entropy in nats [batch, pos - 1]
 * @param activations every hook point in the order in which the pass reached them, as the pass went
 *     on with it
 */
public record ReferenceRun(
    DoubleTensor logits, DoubleTensor lossPerToken, Map<HookPoint, DoubleTensor> activations) {

  /**
   * Keeps the order of the activations, and lets nobody change it.
   *
   * @param logits [batch, pos, d_vocab]
   * @param lossPerToken next-token cross-entropy in nats [batch, pos - 1]
   * @param activations every hook point in the order in which the pass reached them
   */
  public ReferenceRun {
    activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
  }

  /**
   * The mean next-token cross-entropy in nats over all examples and positions 0 to pos - 2.
   *
   * @return the loss
   * @throws IllegalStateException if the sequences have one token only, and so no next one
   */
  public double loss() {
    if (lossPerToken.values().length == 0) {
      throw new IllegalStateException("a loss needs sequences of at least 2 tokens, got 1");
    }
    double sum = 0;
    for (double value : lossPerToken.values()) {
      sum += value;
    }
    return sum / lossPerToken.values().length;
  }

  /**
   * The activation at a point.
   *
   * @param point where
   * @return the activation; its axes are {@link HookPoint#axes}
   * @throws IllegalArgumentException if the model has no such point, with those that it has
   */
  public DoubleTensor get(HookPoint point) {
    DoubleTensor activation = activations.get(point);
    if (activation == null) {
      throw new IllegalArgumentException(
          "the model has no " + point + "; it has " + activations.keySet());
    }
    return activation;
  }

  /**
   * The activation at a point given by TransformerLens's name or shorthand.
   *
   * @param name see {@link HookPoint#parse}
   * @return the activation
   */
  public DoubleTensor get(String name) {
    return get(HookPoint.parse(name));
  }
}
