package dev.circuitscope.core.model;

import java.util.OptionalInt;

/**
 * Which blocks of a model a partial run goes through, as TransformerLens's {@code start_at_layer}
 * and {@code stop_at_layer} say it.
 *
 * <pre>{@code
 * Layers.upTo(2)         // embedding and blocks 0, 1: ends with the residual stream before block 2
 * Layers.between(1, 3)   // blocks 1, 2
 * Layers.from(2)         // blocks 2, 3, ..., final normalisation and unembedding
 * }</pre>
 *
 * @param start the first block, from 0
 * @param stop the block before which the run ends; if there is none, it goes on to the logits
 */
public record Layers(int start, OptionalInt stop) {

  /**
   * Checks the order.
   *
   * @param start the first block, from 0
   * @param stop the block before which the run ends, at least {@code start}
   */
  public Layers {
    if (start < 0 || stop.isPresent() && stop.getAsInt() < start) {
      throw new IllegalArgumentException(
          "layers go from 0 or more to a later one, not from %d%s"
              .formatted(start, stop.isPresent() ? " to " + stop.getAsInt() : ""));
    }
  }

  /**
   * From the embedding to the residual stream before a block.
   *
   * @param layer the block that is not run; the number of layers gives the final residual stream
   * @return the layers
   */
  public static Layers upTo(int layer) {
    return between(0, layer);
  }

  /**
   * From the residual stream before a block to the logits.
   *
   * @param layer the first block that is run
   * @return the layers
   */
  public static Layers from(int layer) {
    return new Layers(layer, OptionalInt.empty());
  }

  /**
   * From the residual stream before one block to that before another.
   *
   * @param start the first block that is run
   * @param stop the block that is not run any more
   * @return the layers
   */
  public static Layers between(int start, int stop) {
    return new Layers(start, OptionalInt.of(stop));
  }

  @Override
  public String toString() {
    return "layers from " + start + (stop.isPresent() ? " up to " + stop.getAsInt() : "");
  }
}
