package dev.circuitscope.core.io.llama2c;

import java.util.ArrayList;
import java.util.List;

/** The two layouts of float32 checkpoints that llama2.c has. */
public enum Llama2cFormat {
  /**
   * Version 0: seven numbers, then the weights, kind by kind over all layers, and tables of cosines
   * and sines. A negative vocabulary says that the output matrix is a weight of its own.
   */
  LEGACY(28),
  /** Version 1: a header of 256 bytes that begins with {@code ak42} backwards, then the weights. */
  VERSION_1(256);

  /** Name of the embedding. */
  static final String EMBEDDING = "tok_embeddings.weight";

  private static final String NORM = "norm.weight";

  /** Name of the output matrix. */
  static final String OUTPUT = "output.weight";

  private final int headerBytes;

  Llama2cFormat(int headerBytes) {
    this.headerBytes = headerBytes;
  }

  int headerBytes() {
    return headerBytes;
  }

  /** A run of floats in the file; one without a name holds nothing that the header does not say. */
  record Part(String name, long... shape) {
    long length() {
      long length = 1;
      for (long size : shape) {
        length = Math.multiplyExact(length, size);
      }
      return length;
    }
  }

  /** Everything behind the header, in order. */
  List<Part> parts(Llama2cHeader h) {
    long dim = h.dim();
    long keys = (long) h.headSize() * h.nKvHeads();
    long hidden = h.hiddenDim();
    List<Part> parts = new ArrayList<>();
    if (this == LEGACY) {
      parts.add(new Part(EMBEDDING, h.vocabSize(), dim));
      addLayers(parts, h, "attention_norm", dim);
      addAttention(parts, h, dim, keys);
      addLayers(parts, h, "ffn_norm", dim);
      addFeedForward(parts, h, dim, hidden);
      parts.add(new Part(NORM, dim));
      parts.add(new Part(null, h.seqLen(), h.headSize() / 2));
      parts.add(new Part(null, h.seqLen(), h.headSize() / 2));
    } else {
      addLayers(parts, h, "attention_norm", dim);
      addLayers(parts, h, "ffn_norm", dim);
      parts.add(new Part(NORM, dim));
      parts.add(new Part(EMBEDDING, h.vocabSize(), dim));
      addAttention(parts, h, dim, keys);
      addFeedForward(parts, h, dim, hidden);
    }
    if (!h.sharedClassifier()) {
      parts.add(new Part(OUTPUT, h.vocabSize(), dim));
    }
    return parts;
  }

  private static void addAttention(List<Part> parts, Llama2cHeader h, long dim, long keys) {
    addLayers(parts, h, "attention.wq", dim, dim);
    addLayers(parts, h, "attention.wk", keys, dim);
    addLayers(parts, h, "attention.wv", keys, dim);
    addLayers(parts, h, "attention.wo", dim, dim);
  }

  private static void addFeedForward(List<Part> parts, Llama2cHeader h, long dim, long hidden) {
    addLayers(parts, h, "feed_forward.w1", hidden, dim);
    addLayers(parts, h, "feed_forward.w2", dim, hidden);
    addLayers(parts, h, "feed_forward.w3", hidden, dim);
  }

  private static void addLayers(List<Part> parts, Llama2cHeader h, String kind, long... shape) {
    for (int layer = 0; layer < h.nLayers(); layer++) {
      parts.add(new Part("layers.%d.%s.weight".formatted(layer, kind), shape));
    }
  }
}
