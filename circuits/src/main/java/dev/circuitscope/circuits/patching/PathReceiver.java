package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.Optional;

/** What reads the residual stream: where an edge of a patched path ends. */
public sealed interface PathReceiver {

  /** The final normalisation and the unembedding. */
  record Logits() implements PathReceiver {
    @Override
    public String toString() {
      return "logits";
    }
  }

  /**
   * One of the three inputs of a head.
   *
   * @param head which one
   * @param input {@link Site#Q_INPUT}, {@link Site#K_INPUT} or {@link Site#V_INPUT}
   */
  record OfHead(Head head, Site input) implements PathReceiver {

    /**
     * Checks the input.
     *
     * @param head which one
     * @param input what it reads with
     * @throws IllegalArgumentException if it is another site
     */
    public OfHead {
      if (input != Site.Q_INPUT && input != Site.K_INPUT && input != Site.V_INPUT) {
        throw new IllegalArgumentException(
            "a head reads at Q_INPUT, K_INPUT or V_INPUT, not at " + input);
      }
    }

    HookPoint point() {
      return new HookPoint(input, head.layer());
    }

    @Override
    public String toString() {
      return head + "." + input.name().charAt(0);
    }
  }

  /**
   * The input of a layer's MLP.
   *
   * @param layer from 0
   */
  record OfMlp(int layer) implements PathReceiver {
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
  static PathReceiver logits() {
    return new Logits();
  }

  /**
   * A head's queries.
   *
   * @param layer from 0
   * @param head from 0
   * @return the receiver
   */
  static PathReceiver query(int layer, int head) {
    return new OfHead(new Head(layer, head), Site.Q_INPUT);
  }

  /**
   * A head's keys; with grouped-query attention, those of its group.
   *
   * @param layer from 0
   * @param head from 0
   * @return the receiver
   */
  static PathReceiver key(int layer, int head) {
    return new OfHead(new Head(layer, head), Site.K_INPUT);
  }

  /**
   * A head's values; with grouped-query attention, those of its group.
   *
   * @param layer from 0
   * @param head from 0
   * @return the receiver
   */
  static PathReceiver value(int layer, int head) {
    return new OfHead(new Head(layer, head), Site.V_INPUT);
  }

  /**
   * A layer's MLP.
   *
   * @param layer from 0
   * @return the receiver
   */
  static PathReceiver mlp(int layer) {
    return new OfMlp(layer);
  }

  /**
   * What the receiver belongs to, if that writes into the stream again.
   *
   * @return its head or MLP; nothing for the logits
   */
  default Optional<PathSender> writes() {
    if (this instanceof OfHead of) {
      return Optional.of(new PathSender.OfHead(of.head()));
    }
    return this instanceof OfMlp of
        ? Optional.of(new PathSender.OfMlp(of.layer()))
        : Optional.empty();
  }
}
