package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Everything that one forward pass computed. */
public final class ReferenceRun {

  private final int[][] tokens;
  private final DoubleTensor logits;
  private final Map<HookPoint, DoubleTensor> activations;

  ReferenceRun(int[][] tokens, DoubleTensor logits, Map<HookPoint, DoubleTensor> activations) {
    this.tokens = Arrays.stream(tokens).map(int[]::clone).toArray(int[][]::new);
    this.logits = logits;
    this.activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
  }

  /**
   * What the model predicts.
   *
   * @return [batch, pos, d_vocab_out]
   */
  public DoubleTensor logits() {
    return logits;
  }

  /**
   * Every hook point in the order in which the pass reached them.
   *
   * @return the activations as the pass went on with them; unmodifiable
   */
  public Map<HookPoint, DoubleTensor> activations() {
    return activations;
  }

  /**
   * The next-token cross-entropy at every position but the last, in nats.
   *
   * @return [batch, pos - 1]
   * @throws IllegalStateException if the model does not predict one of the tokens (d_vocab_out
   *     below d_vocab)
   */
  public DoubleTensor lossPerToken() {
    return CrossEntropy.perToken(logits, tokens);
  }

  /**
   * The mean next-token cross-entropy in nats over all examples and positions 0 to pos - 2.
   *
   * @return the loss
   * @throws IllegalStateException if the sequences have one token only, and so no next one, or the
   *     model does not predict one of the tokens
   */
  public double loss() {
    double[] losses = lossPerToken().values();
    if (losses.length == 0) {
      throw new IllegalStateException("a loss needs sequences of at least 2 tokens, got 1");
    }
    return Arrays.stream(losses).sum() / losses.length;
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
