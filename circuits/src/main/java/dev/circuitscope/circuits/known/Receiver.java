package dev.circuitscope.circuits.known;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.core.hook.Head;

/** What reads the residual stream, and so the end of an edge of a circuit. */
public sealed interface Receiver {

  /** Receivers outside the blocks. */
  enum Output implements Receiver {
    /** The unembedding. */
    LOGITS;

    @Override
    public String toString() {
      return "logits";
    }
  }

  /**
   * One of the three inputs of a head.
   *
   * @param head which one
   * @param input queries, keys or values
   */
  record OfHead(Head head, Composition input) implements Receiver {
    @Override
    public String toString() {
      return head + "." + input;
    }
  }

  /**
   * One of the three inputs of a head.
   *
   * @param layer the block, from 0
   * @param head within the block, from 0
   * @param input queries, keys or values
   * @return the receiver
   */
  static Receiver head(int layer, int head, Composition input) {
    return new OfHead(new Head(layer, head), input);
  }
}
