package dev.circuitscope.core.io.llama2c;

/**
 * The shape of a Llama model as llama2.c writes it.
 *
 * @param dim width of the residual stream
 * @param hiddenDim width of the feed-forward layers
 * @param nLayers number of layers
 * @param nHeads number of query heads; divides {@code dim}
 * @param nKvHeads number of key and value heads; divides {@code nHeads}
 * @param vocabSize number of tokens
 * @param seqLen longest sequence
 * @param sharedClassifier whether the embedding is the output matrix, too
 */
public record Llama2cHeader(
    int dim,
    int hiddenDim,
    int nLayers,
    int nHeads,
    int nKvHeads,
    int vocabSize,
    int seqLen,
    boolean sharedClassifier) {
  private static final int MAX_LAYERS = 1000;

  /**
   * Checks that such a model exists.
   *
   * @param dim width of the residual stream
   * @param hiddenDim width of the feed-forward layers
   * @param nLayers number of layers
   * @param nHeads number of query heads
   * @param nKvHeads number of key and value heads
   * @param vocabSize number of tokens
   * @param seqLen longest sequence
   * @param sharedClassifier whether the embedding is the output matrix
   * @throws IllegalArgumentException if a number is not positive, there are more than 1000 layers,
   *     the heads do not divide {@code dim} into even widths, or the key heads do not divide the
   *     query heads
   */
  public Llama2cHeader {
    if (dim <= 0
        || hiddenDim <= 0
        || nLayers <= 0
        || nLayers > MAX_LAYERS
        || nHeads <= 0
        || nKvHeads <= 0
        || vocabSize <= 0
        || seqLen <= 0
        || dim % nHeads != 0
        || dim / nHeads % 2 != 0
        || nHeads % nKvHeads != 0) {
      throw new IllegalArgumentException(
          "no Llama model has dim %d, hidden_dim %d, n_layers %d, n_heads %d, n_kv_heads %d, vocab_size %d, seq_len %d"
              .formatted(dim, hiddenDim, nLayers, nHeads, nKvHeads, vocabSize, seqLen));
    }
  }

  /**
   * Returns the width of one head.
   *
   * @return {@code dim / nHeads}
   */
  public int headSize() {
    return dim / nHeads;
  }
}
