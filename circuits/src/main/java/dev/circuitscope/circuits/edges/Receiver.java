package dev.circuitscope.circuits.edges;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.core.hook.Head;

/** What reads the residual stream: where an edge ends. */
public sealed interface Receiver {

  /** Receivers outside the blocks. */
  enum Output implements Receiver {
    /** The final normalisation and the unembedding. */
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
   * The input of a layer's MLP.
   *
   * @param layer from 0
   */
  record OfMlp(int layer) implements Receiver {

    /**
     * Checks the layer.
     *
     * @param layer from 0
     * @throws IllegalArgumentException if it is negative
     */
    public OfMlp {
      if (layer < 0) {
        throw new IllegalArgumentException("layers of MLPs are counted from 0, was " + layer);
      }
    }

    @Override
    public String toString() {
      return "MLP" + layer;
    }
  }

  /**
   * The logits.
   *
   * @return the receiver
   */
  static Receiver logits() {
    return Output.LOGITS;
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

  /**
   * A head's queries.
   *
   * @param layer from 0
   * @param head from 0
   * @return the receiver
   */
  static Receiver query(int layer, int head) {
    return head(layer, head, Composition.Q);
  }

  /**
   * A head's keys; with grouped-query attention, those of its group.
   *
   * @param layer from 0
   * @param head from 0
   * @return the receiver
   */
  static Receiver key(int layer, int head) {
    return head(layer, head, Composition.K);
  }

  /**
   * A head's values; with grouped-query attention, those of its group.
   *
   * @param layer from 0
   * @param head from 0
   * @return the receiver
   */
  static Receiver value(int layer, int head) {
    return head(layer, head, Composition.V);
  }

  /**
   * A layer's MLP.
   *
   * @param layer from 0
   * @return the receiver
   */
  static Receiver mlp(int layer) {
    return new OfMlp(layer);
  }
}
