package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;

/** What writes into the residual stream, and so the start of an edge of a circuit. */
public sealed interface Sender {

  /** Senders outside the blocks. */
  enum Embedding implements Sender {
    /** The vectors of tokens, W_E. */
    TOKENS("tokens"),
    /** The vectors of positions, W_pos. */
    POSITIONS("positions");

    private final String label;

    Embedding(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /**
   * The output of a head.
   *
   * @param head which one
   */
  record OfHead(Head head) implements Sender {
    @Override
    public String toString() {
      return head.toString();
    }
  }

  /**
   * The output of a head.
   *
   * @param layer the block, from 0
   * @param head within the block, from 0
   * @return the sender
   */
  static Sender head(int layer, int head) {
    return new OfHead(new Head(layer, head));
  }
}
