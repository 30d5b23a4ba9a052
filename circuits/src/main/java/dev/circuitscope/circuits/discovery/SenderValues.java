package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.TransformerConfig;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What each sender writes.
 *
 * @param written [batch, pos, d_model] of each sender
 * @param z [batch, pos, head, d_head] of each layer
 */
record SenderValues(Map<Sender, float[]> written, Map<Integer, float[]> z) {

  static final Capture CAPTURE =
      Capture.matching(
          p ->
              switch (p.site()) {
                case EMBED, POS_EMBED, Z, RESULT, MLP_OUT -> true;
                default -> false;
              });

  static SenderValues of(TransformerConfig config, ActivationCache cache) {
    Map<Sender, float[]> written = new HashMap<>();
    for (Sender sender : EdgeGraph.of(config).senders()) {
      INDArray array = cache.get(sender.point());
      if (sender instanceof Sender.OfHead of) {
        int rows = Math.toIntExact(array.size(0) * array.size(1));
        int head = of.head().head();
        written.put(
            sender,
            FlatFloats.slot(FlatFloats.own(array), rows, head, config.nHeads(), config.dModel()));
        Reference.reachabilityFence(array);
      } else {
        written.put(sender, FlatFloats.copy(array));
      }
    }
    Map<Integer, float[]> z = new HashMap<>();
    for (int layer = 0; layer < config.nLayers(); layer++) {
      z.put(layer, FlatFloats.copy(cache.get(new HookPoint(Site.Z, layer))));
    }
    return new SenderValues(written, z);
  }

  /** Every array by another one. */
  SenderValues map(UnaryOperator<float[]> change) {
    Map<Sender, float[]> newWritten = new HashMap<>();
    written.forEach((sender, values) -> newWritten.put(sender, change.apply(values)));
    Map<Integer, float[]> newZ = new HashMap<>();
    z.forEach((layer, values) -> newZ.put(layer, change.apply(values)));
    return new SenderValues(newWritten, newZ);
  }
}
