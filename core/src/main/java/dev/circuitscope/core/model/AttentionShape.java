package dev.circuitscope.core.model;

import java.util.Optional;

/**
 * The attention of every block.
 *
 * @param heads heads per block
 * @param keyValueHeads heads that have keys and values of their own; fewer than {@code heads} is
 *     grouped-query attention, where query head h reads key and value head h / (heads /
 *     keyValueHeads)
 * @param dHead width of a head's queries, keys and values
 * @param scaled whether scores are divided by sqrt(d_head)
 * @param smearedKeys whether each key is mixed with the one before it, k_j = sigmoid(a) k_j + (1 -
 *     sigmoid(a)) k_(j-1) with a trained a per head (In-context Learning and Induction Heads,
 *     Argument 2)
 * @param direction which sources a destination may attend to
 * @param rotary how queries and keys are rotated by their position, if they are
 */
public record AttentionShape(
    int heads,
    int keyValueHeads,
    int dHead,
    boolean scaled,
    boolean smearedKeys,
    AttentionDirection direction,
    Optional<Rotary> rotary) {

  /**
   * Checks every size.
   *
   * @param heads heads per block
   * @param keyValueHeads heads that have keys and values of their own
   * @param dHead width of a head's queries, keys and values
   * @param scaled whether scores are divided by sqrt(d_head)
   * @param smearedKeys whether each key is mixed with the one before it
   * @param direction which sources a destination may attend to
   * @param rotary how queries and keys are rotated by their position, if they are
   */
  public AttentionShape {
    TransformerConfig.requireAtLeast(1, "n_heads", heads);
    TransformerConfig.requireAtLeast(1, "n_key_value_heads", keyValueHeads);
    TransformerConfig.requireAtLeast(1, "d_head", dHead);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "n_heads " + heads + " is not a multiple of n_key_value_heads " + keyValueHeads);
    }
    if (rotary.isPresent() && rotary.get().dim() > dHead) {
      throw new IllegalArgumentException(
          "rotary_dim " + rotary.get().dim() + " exceeds d_head " + dHead);
    }
  }

  /**
   * What scores are multiplied by.
   *
   * @return 1 / sqrt(d_head), or 1
   */
  public double scale() {
    return scaled ? 1 / Math.sqrt(dHead) : 1;
  }

  /**
   * How many query heads share a key and value head.
   *
   * @return 1 but for grouped-query attention
   */
  public int group() {
    return heads / keyValueHeads;
  }

  boolean causal() {
    return direction == AttentionDirection.CAUSAL;
  }
}
