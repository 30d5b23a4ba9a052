package dev.circuitscope.core.io.llama2c;

import dev.circuitscope.core.io.NamedTensors;
import java.util.Objects;

/**
 * A checkpoint of llama2.c.
 *
 * @param header the model's shape
 * @param tensors its weights under Meta's names: {@code tok_embeddings.weight}, {@code
 *     layers.0.attention.wq.weight}, {@code layers.0.feed_forward.w1.weight}, {@code norm.weight},
 *     {@code output.weight} and so on; matrices are [out, in]
 */
public record Llama2cModel(Llama2cHeader header, NamedTensors tensors) {
  /**
   * Checks that both are there.
   *
   * @param header the model's shape
   * @param tensors its weights
   */
  public Llama2cModel {
    Objects.requireNonNull(header, "header");
    Objects.requireNonNull(tensors, "tensors");
  }
}
