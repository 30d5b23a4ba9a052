package dev.circuitscope.core.io.torch;

/**
 * What a checkpoint may demand of its reader. Beside these, its tensors together may take at most
 * eight times the bytes of the file and one mebibyte, which bounds tensors that overlap in one
 * storage or repeat it by strides of 0.
 *
 * @param maxInstructions instructions of one pickle
 * @param maxStack values on the machine's stack
 * @param maxMemo values that a pickle remembers for later use
 * @param maxDepth nesting of dictionaries, lists and objects
 * @param maxTextBytes bytes of one text or byte string
 * @param maxValues values within the finished object, those that are reached twice counted twice
 * @param maxElements elements of all tensors together
 */
public record TorchLimits(
    long maxInstructions,
    int maxStack,
    int maxMemo,
    int maxDepth,
    int maxTextBytes,
    int maxValues,
    long maxElements) {
  /**
   * Checks that all are positive.
   *
   * @param maxInstructions instructions of one pickle
   * @param maxStack values on the stack
   * @param maxMemo remembered values
   * @param maxDepth nesting
   * @param maxTextBytes bytes of one text
   * @param maxValues values within the finished object
   * @param maxElements elements of all tensors
   * @throws IllegalArgumentException if one is not positive, or the depth is more than 500
   */
  public TorchLimits {
    if (maxInstructions <= 0
        || maxStack <= 0
        || maxMemo <= 0
        || maxDepth <= 0
        || maxDepth > 500
        || maxTextBytes <= 0
        || maxValues <= 0
        || maxElements <= 0) {
      throw new IllegalArgumentException(
          "torch limits must be positive and the depth at most 500: %d, %d, %d, %d, %d, %d, %d"
              .formatted(
                  maxInstructions,
                  maxStack,
                  maxMemo,
                  maxDepth,
                  maxTextBytes,
                  maxValues,
                  maxElements));
    }
  }

  /**
   * Returns the usual limits, which checkpoints of models with billions of weights keep.
   *
   * @return 50 million instructions, 1 million values on the stack, 5 million remembered, 200 deep,
   *     16 MiB a text, 5 million values, 2^36 elements
   */
  public static TorchLimits defaults() {
    return new TorchLimits(50_000_000, 1_000_000, 5_000_000, 200, 1 << 24, 5_000_000, 1L << 36);
  }
}
