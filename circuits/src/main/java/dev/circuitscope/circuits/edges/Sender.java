package dev.circuitscope.circuits.edges;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;

/** What writes into the residual stream: where an edge begins. */
public sealed interface Sender {

  /** Senders outside the blocks. */
  enum Embedding implements Sender {
    /** The vectors of tokens, W_E. */
    TOKENS("tokens", HookPoint.EMBED),
    /** The vectors of positions, W_pos or sinusoids. */
    POSITIONS("positions", HookPoint.POS_EMBED);

    private final String label;
    private final HookPoint point;

    Embedding(String label, HookPoint point) {
      this.label = label;
      this.point = point;
    }

    @Override
    public HookPoint point() {
      return point;
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
    public HookPoint point() {
      return HookPoint.result(head.layer());
    }

    @Override
    public String toString() {
      return head.toString();
    }
  }

  /**
   * The output of a layer's MLP.
   *
   * @param layer from 0
   */
  record OfMlp(int layer) implements Sender {

    /**
     * Checks the layer.
     *
     * @param layer from 0
     * @throws IllegalArgumentException if it is negative
     */
    public OfMlp {
      requireLayer(layer);
    }

    @Override
    public HookPoint point() {
      return HookPoint.mlpOut(layer);
    }

    @Override
    public String toString() {
      return "MLP" + layer;
    }
  }

  /**
   * Where the output can be seen; a head's beside those of the other heads.
   *
   * @return the hook point
   */
  HookPoint point();

  /**
   * The token embeddings.
   *
   * @return the sender
   */
  static Sender tokens() {
    return Embedding.TOKENS;
  }

  /**
   * The position embeddings.
   *
   * @return the sender
   */
  static Sender positions() {
    return Embedding.POSITIONS;
  }

  /**
   * The output of a head.
   *
   * @param layer from 0
   * @param head from 0
   * @return the sender
   */
  static Sender head(int layer, int head) {
    return new OfHead(new Head(layer, head));
  }

  /**
   * The output of a layer's MLP.
   *
   * @param layer from 0
   * @return the sender
   */
  static Sender mlp(int layer) {
    return new OfMlp(layer);
  }

  private static void requireLayer(int layer) {
    if (layer < 0) {
      throw new IllegalArgumentException("layers of MLPs are counted from 0, was " + layer);
    }
  }
}
