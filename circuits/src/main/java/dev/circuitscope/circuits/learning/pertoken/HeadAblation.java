package dev.circuitscope.circuits.learning.pertoken;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a head is taken out of the runs of a batch.
 *
 * <pre>{@code
 * HeadAblation own = (model, tokens) -> head -> Hooks.zeroHead(head);
 * }</pre>
 */
@FunctionalInterface
public interface HeadAblation {

  /** The hooks that take heads out of runs of one batch. */
  @FunctionalInterface
  interface OfBatch extends AutoCloseable {
    /**
     * Takes a head out.
     *
     * @param head of the model
     * @return hooks for a run of the batch; valid until this is closed
     */
    Hooks without(Head head);

    /**
     * What is done behind the head's own layer, if all that is done in it is that the head's output
     * is zero. Where nothing but heads writes in that layer, what the head wrote can then be taken
     * off the stream behind it, instead of running the layer again for each of its heads.
     *
     * @param head of the model
     * @return hooks for later layers; empty if {@link #without} must be run as it is
     */
    default Optional<Hooks> behind(Head head) {
      return Optional.empty();
    }

    /** Frees what was kept of the batch. */
    @Override
    default void close() {}
  }

  /**
   * Prepares a batch, such as by a run that keeps what later ones need.
   *
   * @param model that will run
   * @param tokens [batch, pos] that it will run on
   * @return the hooks of each head
   */
  OfBatch prepare(Transformer model, int[][] tokens);

  /**
   * Full ablation: the head's output is zero, and later layers see it so.
   *
   * @return the ablation
   */
  static HeadAblation full() {
    return (model, tokens) -> new ZeroedOutput(head -> Hooks.none(), () -> {});
  }

  /**
   * Pattern-preserving ablation (In-context Learning and Induction Heads, "ablations"): the head's
   * output is zero while all attention patterns are those of the model as it is. In a model of
   * attention alone without normalisation that takes away every term of the path expansion that the
   * head is in. A first run keeps the patterns of the batch.
   *
   * @return the ablation
   */
  static HeadAblation patternPreserving() {
    return (model, tokens) -> {
      // the ablated head is in layer 0 or later, so that no pattern of layer 0 changes
      Capture later = Capture.matching(p -> p.site() == Site.PATTERN && p.layer() > 0);
      Layers all = Layers.upTo(model.config().nLayers());
      Run run = model.part(all).runWithCache(tokens, later, Hooks.none());
      return new ZeroedOutput(
          head -> {
            Hooks hooks = Hooks.none();
            for (int layer = head.layer() + 1; layer < model.config().nLayers(); layer++) {
              INDArray kept = run.cache().get(HookPoint.pattern(layer));
              hooks = hooks.and(Hooks.replace(HookPoint.pattern(layer), kept));
            }
            return hooks;
          },
          run::close);
    };
  }
}
