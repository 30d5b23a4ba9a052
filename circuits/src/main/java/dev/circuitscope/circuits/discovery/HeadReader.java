package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.ModelPart;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.Arrays;

/**
 * The queries, keys and values of one head for any residual stream: the head as a model of its own,
 * so that the others are not computed. Smearing and rotation come after what is read here.
 */
final class HeadReader {

  private final ModelPart part;

  private HeadReader(ModelPart part) {
    this.part = part;
  }

  static HeadReader of(Transformer model, Head head) {
    TransformerConfig c = model.config();
    TransformerConfig one =
        TransformerConfig.attentionOnly(1)
            .heads(1)
            .dModel(c.dModel())
            .dHead(c.dHead())
            .vocab(1)
            .context(c.nCtx())
            .normalization(c.normalization())
            .positions(c.positions().shortformer() ? c.positions() : Positions.NONE)
            .eps(c.eps())
            .build();
    int shared = head.head() / c.attention().group();
    Weights weights =
        Weights.of(
            one,
            p -> {
              String name = p.name().replace("blocks.0.", "blocks." + head.layer() + ".");
              String last = name.substring(name.lastIndexOf('.') + 1);
              return switch (last) {
                case "W_Q", "b_Q" -> slot(model, name, head.head(), p.length());
                case "W_K", "b_K", "W_V", "b_V" -> slot(model, name, shared, p.length());
                case "W_pos" -> model.weights().elements(name);
                case "w", "b" ->
                    name.startsWith("blocks")
                        ? model.weights().elements(name)
                        : new float[p.length()];
                default -> new float[p.length()];
              };
            });
    return new HeadReader(Transformer.of(one, weights).part(Layers.between(0, 1)));
  }

  private static float[] slot(Transformer model, String name, int slot, int length) {
    return Arrays.copyOfRange(model.weights().elements(name), slot * length, (slot + 1) * length);
  }

  /**
   * What the head computes of a stream.
   *
   * @param stream [batch, pos, d_model]
   * @return [batch, pos, d_head]
   */
  float[] read(float[] stream, int batch, int pos, Composition input) {
    HookPoint point =
        switch (input) {
          case Q -> HookPoint.q(0);
          case K -> HookPoint.k(0);
          case V -> HookPoint.v(0);
        };
    try (Run run =
        part.runWithCache(
            FlatFloats.array(stream, batch, pos, stream.length / (batch * pos)),
            Capture.only(point),
            Hooks.none())) {
      return FlatFloats.copy(run.cache().get(point));
    }
  }
}
