package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import org.nd4j.autodiff.samediff.SDVariable;

/** LayerNorm or RMSNorm of vectors along the last of three axes, in a graph. */
final class SameDiffNorm {

  private final SameDiffScope scope;

  SameDiffNorm(SameDiffScope scope) {
    this.scope = scope;
  }

  /** Of the residual stream, as the configuration says. */
  SDVariable apply(SDVariable x, String name, HookPoint scale, HookPoint normalized) {
    Normalization kind = scope.config().normalization();
    return kind == Normalization.NONE
        ? x
        : apply(x, kind, scope.config().dModel(), name, scale, normalized);
  }

  /** Of the neurons after SoLU. */
  SDVariable ofNeurons(SDVariable x, int dMlp, int layer) {
    Normalization kind =
        scope.config().neuronNormWeights() ? Normalization.LN : Normalization.LN_PRE;
    return apply(
        x,
        kind,
        dMlp,
        "blocks." + layer + ".mlp.ln",
        new HookPoint(Site.MLP_LN_SCALE, layer),
        new HookPoint(Site.MLP_LN_NORMALIZED, layer));
  }

  private SDVariable apply(
      SDVariable x,
      Normalization kind,
      int width,
      String name,
      HookPoint scalePoint,
      HookPoint normalizedPoint) {
    SDVariable centred = kind.centres() ? x.sub(x.mean(true, 2)) : x;
    // sigma = sqrt(1/D sum_i (x_i - mu)^2 + eps)
    SDVariable squares = scope.graph().math().square(centred).mean(true, 2);
    SDVariable sigma = scope.graph().math().sqrt(squares.add(scope.config().eps()));
    SDVariable y = centred.div(scope.reach(scalePoint, sigma));
    if (kind.hasOffset()) {
      // y = (x - mu) / sigma * w + b
      y = scaled(y, name, width).add(scope.parameter(name + ".b").reshape(1, 1, width));
      return scope.reach(normalizedPoint, y);
    }
    y = scope.reach(normalizedPoint, y);
    return kind.hasWeights() ? scaled(y, name, width) : y;
  }

  private SDVariable scaled(SDVariable y, String name, int width) {
    return y.mul(scope.parameter(name + ".w").reshape(1, 1, width));
  }
}
