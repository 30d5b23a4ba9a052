package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;

/** What writes into the residual stream: where a patched path begins. */
public sealed interface PathSender {

  /** The token embeddings. */
  record Embedding() implements PathSender {
    @Override
    public String toString() {
      return "tokens";
    }
  }

  /**
   * The output of a head.
   *
   * @param head which one
   */
  record OfHead(Head head) implements PathSender {
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
  record OfMlp(int layer) implements PathSender {
    @Override
    public String toString() {
      return "MLP" + layer;
    }
  }

  /**
   * The token embeddings.
   *
   * @return the sender
   */
  static PathSender embedding() {
    return new Embedding();
  }

  /**
   * The output of a head.
   *
   * @param layer from 0
   * @param head from 0
   * @return the sender
   */
  static PathSender head(int layer, int head) {
    return new OfHead(new Head(layer, head));
  }

  /**
   * The output of a layer's MLP.
   *
   * @param layer from 0
   * @return the sender
   */
  static PathSender mlp(int layer) {
    return new OfMlp(layer);
  }

  /**
   * Where its output can be seen; a head's beside those of the other heads.
   *
   * @return the hook point
   */
  default HookPoint point() {
    if (this instanceof OfHead of) {
      return HookPoint.result(of.head().layer());
    }
    return this instanceof OfMlp of ? HookPoint.mlpOut(of.layer()) : HookPoint.EMBED;
  }
}
