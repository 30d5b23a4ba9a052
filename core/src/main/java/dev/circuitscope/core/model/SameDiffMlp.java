package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import org.nd4j.autodiff.samediff.SDVariable;

/** One layer's multilayer perceptron in a graph. */
final class SameDiffMlp {

  private final SameDiffScope scope;
  private final MlpShape shape;
  private final int layer;
  private final int dModel;

  SameDiffMlp(SameDiffScope scope, MlpShape shape, int layer) {
    this.scope = scope;
    this.shape = shape;
    this.layer = layer;
    this.dModel = scope.config().dModel();
  }

  /** From the residual stream [B, T, D] to what the layer adds to it. */
  SDVariable apply(SDVariable resid) {
    SDVariable x =
        new SameDiffNorm(scope)
            .apply(resid, "blocks." + layer + ".ln2", at(Site.LN2_SCALE), at(Site.LN2_NORMALIZED));
    SDVariable post = scope.reach(at(Site.MLP_POST), shape.gated() ? gated(x) : plain(x));
    // mlp(x) = post W_out + b_out
    SDVariable out = scope.product(post, shape.dMlp(), scope.parameter(name("W_out")));
    out = scope.plusRow(out, name("b_out"), dModel).reshape(-1, scope.pos(), dModel);
    return scope.reach(at(Site.MLP_OUT), out);
  }

  private SDVariable plain(SDVariable x) {
    // f(x W_in + b_in)
    SDVariable pre = scope.product(x, dModel, scope.parameter(name("W_in")));
    pre = scope.plusRow(pre, name("b_in"), shape.dMlp());
    return activation(scope.reach(at(Site.MLP_PRE), neurons(pre)));
  }

  private SDVariable gated(SDVariable x) {
    SDVariable pre = neurons(scope.product(x, dModel, scope.parameter(name("W_gate"))));
    SDVariable linear = neurons(scope.product(x, dModel, scope.parameter(name("W_in"))));
    SDVariable gate = activation(scope.reach(at(Site.MLP_PRE), pre));
    linear = scope.reach(at(Site.MLP_PRE_LINEAR), linear);
    // f(x W_gate) * (x W_in) + b_in
    return gate.mul(linear).add(scope.parameter(name("b_in")).reshape(1, 1, shape.dMlp()));
  }

  private SDVariable activation(SDVariable x) {
    return switch (shape.activation()) {
      case RELU -> scope.graph().nn().relu(x, 0);
      case GELU -> half(x, scope.graph().math().erf(x.mul(Math.sqrt(0.5))));
      case GELU_NEW -> {
        // x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))
        SDVariable cubic = x.add(x.mul(x).mul(x).mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        yield half(x, scope.graph().math().tanh(cubic));
      }
      case SILU -> x.mul(scope.graph().nn().sigmoid(x));
      case SOLU -> solu(x);
      case SOLU_LN -> {
        SDVariable mid = scope.reach(at(Site.MLP_MID), solu(x));
        yield new SameDiffNorm(scope).ofNeurons(mid, shape.dMlp(), layer);
      }
    };
  }

  /** x / 2 (1 + f). */
  private static SDVariable half(SDVariable x, SDVariable f) {
    return x.mul(0.5).mul(f.add(1.0));
  }

  private SDVariable solu(SDVariable x) {
    return x.mul(scope.graph().nn().softmax(x, 2));
  }

  private SDVariable neurons(SDVariable rows) {
    return rows.reshape(-1, scope.pos(), shape.dMlp());
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }

  private String name(String parameter) {
    return "blocks." + layer + ".mlp." + parameter;
  }
}
