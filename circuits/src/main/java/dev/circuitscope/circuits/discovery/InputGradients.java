package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.patching.DifferentiableMetric;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.GradientRun;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.lang.ref.Reference;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The gradient of a metric with respect to what each receiver reads, and nothing else reads. */
final class InputGradients {

  private final TransformerConfig config;
  private final GradientRun run;

  InputGradients(Transformer model, int[][] tokens, DifferentiableMetric metric) {
    this.config = model.config();
    Capture capture =
        Capture.matching(
            p ->
                switch (p.site()) {
                  case EMBED, Q_INPUT, K_INPUT, V_INPUT, Q, K -> true;
                  case RESID_PRE, RESID_MID, RESID_POST -> true;
                  default -> false;
                });
    this.run = model.runWithGradients(tokens, metric, capture, Hooks.none());
  }

  double value() {
    return run.loss();
  }

  /** [batch, pos, width]. */
  float[] at(RunValues.Inlet inlet) {
    if (inlet.receiver() instanceof Receiver.OfHead) {
      INDArray all = run.gradients().get(inlet.point());
      int rows = Math.toIntExact(all.length() / inlet.slots() / inlet.width());
      float[] one =
          FlatFloats.slot(FlatFloats.own(all), rows, inlet.slot(), inlet.slots(), inlet.width());
      Reference.reachabilityFence(all);
      return one;
    }
    if (inlet.receiver() instanceof Receiver.OfMlp mlp) {
      return mlp(mlp.layer());
    }
    return config.nLayers() == 0
        ? gradient(HookPoint.EMBED)
        : gradient(HookPoint.residPost(config.nLayers() - 1));
  }

  /** The stream before the MLP goes on past it, and beside parallel attention into its inputs. */
  private float[] mlp(int layer) {
    boolean parallel = config.mlp().orElseThrow().parallel();
    float[] before = gradient(parallel ? HookPoint.residPre(layer) : HookPoint.residMid(layer));
    float[] through = FlatFloats.difference(before, gradient(HookPoint.residPost(layer)));
    if (parallel) {
      subtractInputs(through, new HookPoint(Site.Q_INPUT, layer), config.nHeads());
      int keys = config.attention().keyValueHeads();
      subtractInputs(through, new HookPoint(Site.K_INPUT, layer), keys);
      subtractInputs(through, new HookPoint(Site.V_INPUT, layer), keys);
    }
    return through;
  }

  private void subtractInputs(float[] from, HookPoint inputs, int slots) {
    float[] all = gradient(inputs);
    int d = config.dModel();
    for (int i = 0; i < all.length; i++) {
      from[i / (slots * d) * d + i % d] -= all[i];
    }
  }

  private float[] gradient(HookPoint point) {
    return FlatFloats.copy(run.gradients().get(point));
  }
}
