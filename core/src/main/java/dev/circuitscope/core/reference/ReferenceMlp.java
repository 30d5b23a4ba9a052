package dev.circuitscope.core.reference;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.MlpShape;

/**
 * One layer's multilayer perceptron:
 *
 * <pre>
 * mlp(x) = f(x W_in + b_in) W_out + b_out
 * mlp(x) = (f(x W_gate) * (x W_in) + b_in) W_out + b_out     gated
 * </pre>
 *
 * where solu_ln's f ends with a LayerNorm of the neurons (Softmax Linear Units, section 4).
 */
final class ReferenceMlp {

  private final Sizes s;
  private final MlpShape shape;
  private final ReferenceWeights weights;
  private final int layer;
  private final Trace trace;

  ReferenceMlp(Sizes sizes, MlpShape shape, ReferenceWeights weights, int layer, Trace trace) {
    this.s = sizes;
    this.shape = shape;
    this.weights = weights;
    this.layer = layer;
    this.trace = trace;
  }

  /** From the residual stream [B, T, D] to what the layer adds to it. */
  double[] apply(double[] resid) {
    ReferenceNorm norm = ReferenceNorm.of(s.config(), weights, "blocks." + layer + ".ln2");
    double[] x = norm.apply(resid, trace, at(Site.LN2_SCALE), at(Site.LN2_NORMALIZED));
    double[] post = trace.reach(at(Site.MLP_POST), shape.gated() ? gated(x) : plain(x));
    double[] out = plusRow(product(post, s.m(), weight("W_out"), s.d()), weight("b_out"));
    return trace.reach(at(Site.MLP_OUT), out);
  }

  private double[] plain(double[] x) {
    // f(x W_in + b_in)
    double[] pre = plusRow(product(x, s.d(), weight("W_in"), s.m()), weight("b_in"));
    return activation(trace.reach(at(Site.MLP_PRE), pre));
  }

  private double[] gated(double[] x) {
    double[] pre = trace.reach(at(Site.MLP_PRE), product(x, s.d(), weight("W_gate"), s.m()));
    double[] linear =
        trace.reach(at(Site.MLP_PRE_LINEAR), product(x, s.d(), weight("W_in"), s.m()));
    double[] gate = activation(pre);
    double[] post = new double[gate.length];
    for (int i = 0; i < post.length; i++) {
      // f(x W_gate) * (x W_in) + b_in
      post[i] = gate[i] * linear[i];
    }
    return plusRow(post, weight("b_in"));
  }

  private double[] activation(double[] pre) {
    double[] f = ReferenceActivation.apply(shape.activation(), pre, s.m());
    return switch (shape.activation()) {
      case SOLU_LN -> {
        String name = "blocks." + layer + ".mlp.ln";
        ReferenceNorm norm = ReferenceNorm.ofNeurons(s.config(), s.m(), weights, name);
        double[] mid = trace.reach(at(Site.MLP_MID), f);
        yield norm.apply(mid, trace, at(Site.MLP_LN_SCALE), at(Site.MLP_LN_NORMALIZED));
      }
      default -> f;
    };
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }

  private double[] weight(String name) {
    return weights.get("blocks." + layer + ".mlp." + name);
  }

  /** Rows [n, in] times a matrix [in, out]. */
  private static double[] product(double[] x, int in, double[] w, int out) {
    int rows = x.length / in;
    double[] y = new double[rows * out];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < in; i++) {
        for (int o = 0; o < out; o++) {
          y[row * out + o] += x[row * in + i] * w[i * out + o];
        }
      }
    }
    return y;
  }

  private static double[] plusRow(double[] x, double[] row) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i] + row[i % row.length];
    }
    return y;
  }
}
