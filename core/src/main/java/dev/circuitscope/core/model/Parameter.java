package dev.circuitscope.core.model;

import java.util.Arrays;

/**
 * One weight matrix or vector of a model, and where it lies among all of them.
 *
 * @param name TransformerLens's name, for example {@code blocks.0.attn.W_Q}
 * @param shape TransformerLens's shape, for example [head, d_model, d_head]
 * @param offset its first element in the model's block of parameters
 * @param storage how its elements lie there
 */
public record Parameter(String name, long[] shape, int offset, Storage storage) {

  /** How a parameter's elements lie in memory. */
  public enum Storage {
    /** In the order of its shape. */
    ROW_MAJOR,
    /**
     * [head, d_model, d_head] kept as [d_model, head, d_head]: one matrix product makes the queries
     * of all heads.
     */
    HEADS_INSIDE
  }

  /**
   * The number of elements.
   *
   * @return the product of the shape
   */
  public int length() {
    return Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b));
  }

  /**
   * Whether weight decay applies: to matrices, not to biases and LayerNorm's vectors.
   *
   * @return true for weights whose name starts with {@code W_}
   */
  public boolean decays() {
    return name.substring(name.lastIndexOf('.') + 1).startsWith("W_");
  }

  @Override
  public String toString() {
    return name + " " + Arrays.toString(shape);
  }
}
