package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.array.SteadyProduct;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;

/**
 * pre = x W_gate, pre_linear = x W_in, post = f(pre) * pre_linear + b_in, with LN(f(pre)) in place
 * of f(pre) for solu_ln (GLU Variants Improve Transformer, section 2; the bias where
 * TransformerLens adds it).
 */
final class GatedNeurons implements Neurons {

  private final Tape acts;
  private final int layer;
  private final int dModel;
  private final int dMlp;
  private final Nonlinearity f;
  private final NormStep norm;
  private final String name;
  private final Matrix wGate;
  private final Matrix wIn;
  private final float[] bIn;
  private FloatBlock x;
  private FloatBlock pre;
  private FloatBlock linear;

  /** LN(f(pre)); null where f(pre) is not normalised, and so not kept. */
  private FloatBlock gate;

  private FloatBlock dPre;
  private FloatBlock dLinear;
  private FloatBlock dPost;

  GatedNeurons(TransformerConfig config, Weights weights, Tape acts, int layer) {
    MlpShape shape = config.mlp().orElseThrow();
    this.acts = acts;
    this.layer = layer;
    this.dModel = config.dModel();
    this.dMlp = shape.dMlp();
    this.f = Nonlinearity.of(shape.activation());
    this.norm = shape.activation().normalized() ? NormStep.ofNeurons(config, weights, layer) : null;
    this.name = "blocks." + layer + ".mlp.";
    this.wGate = weights.matrix(name + "W_gate");
    this.wIn = weights.matrix(name + "W_in");
    this.bIn = weights.vector(name + "b_in");
  }

  @Override
  public FloatBlock forward(Phases phases, FloatBlock input) {
    x = input;
    pre = acts.create(at(Site.MLP_PRE));
    linear = acts.create(at(Site.MLP_PRE_LINEAR));
    phases
        .then(
            (first, n) -> {
              Matrix rows = x.matrix(first * dModel, n, dModel);
              SteadyProduct.gemm(1, rows, wGate, 0, neurons(pre, first, n));
              SteadyProduct.gemm(1, rows, wIn, 0, neurons(linear, first, n));
            })
        .reached(at(Site.MLP_PRE))
        .reached(at(Site.MLP_PRE_LINEAR));
    if (norm != null) {
      FloatBlock mid = acts.create(at(Site.MLP_MID));
      phases
          .thenInTiles(dMlp, (first, n) -> write(activated(0, first, n), mid, first, n))
          .reached(at(Site.MLP_MID));
      gate = norm.forward(phases, acts, mid);
    }
    FloatBlock post = acts.create(at(Site.MLP_POST));
    phases.thenInTiles(dMlp, (first, n) -> multiply(post, first, n)).reached(at(Site.MLP_POST));
    return post;
  }

  @Override
  public FloatBlock outputGradient(Tape grads) {
    dPre = grads.create(at(Site.MLP_PRE));
    dLinear = grads.create(at(Site.MLP_PRE_LINEAR));
    dPost = grads.create(at(Site.MLP_POST));
    return dPost;
  }

  @Override
  public void backward(
      Phases phases, Tape grads, float beta, FloatBlock dx, Weights dWeights, Jobs jobs) {
    FloatBlock dGate = norm == null ? dPre : norm.outputGradient(grads);
    phases.thenInTiles(dMlp, (first, n) -> factorGradients(dGate, first, n));
    if (norm != null) {
      FloatBlock dMid = grads.create(at(Site.MLP_MID));
      phases.then((first, n) -> dMid.clear(first * dMlp, n * dMlp));
      norm.backward(phases, acts, grads, dMid, dWeights, jobs);
      phases
          .reached(at(Site.MLP_MID))
          .thenInTiles(
              dMlp,
              (first, n) -> {
                float[] gradient = read(1, dMid, first, n);
                f.gradient(read(0, pre, first, n), gradient, spare(2, n), n, dMlp);
                write(gradient, dPre, first, n);
              });
    }
    phases
        .reached(at(Site.MLP_PRE))
        .reached(at(Site.MLP_PRE_LINEAR))
        .then(
            (first, n) -> {
              Matrix to = dx.matrix(first * dModel, n, dModel);
              Linear.inputGradient(neurons(dPre, first, n), wGate, beta, to);
              Linear.inputGradient(neurons(dLinear, first, n), wIn, 1, to);
            });
  }

  @Override
  public void weightGradients(Tape grads, Weights dWeights, Jobs jobs) {
    Rows rows = grads.rows();
    Matrix all = x.matrix(0, rows.count(), dModel);
    Linear.matrixGradient(
        all, neurons(dPre, 0, rows.count()), 0, dWeights.matrix(name + "W_gate"), jobs);
    Linear.matrixGradient(
        all, neurons(dLinear, 0, rows.count()), 0, dWeights.matrix(name + "W_in"), jobs);
    Linear.biasGradient(neurons(dPost, 0, rows.count()), dWeights.row(name + "b_in"), jobs);
  }

  /** post = gate * linear + b_in of n rows. */
  private void multiply(FloatBlock post, int first, int n) {
    float[] tile = gate(0, first, n);
    float[] factor = read(1, linear, first, n);
    for (int row = 0; row < n * dMlp; row += dMlp) {
      for (int i = 0; i < dMlp; i++) {
        tile[row + i] = tile[row + i] * factor[row + i] + bIn[i];
      }
    }
    write(tile, post, first, n);
  }

  /**
   * dlinear = dpost gate, dgate = dpost linear; and dpre = f'(pre) dgate if nothing lies between.
   */
  private void factorGradients(FloatBlock dGate, int first, int n) {
    float[] gate = gate(0, first, n);
    float[] gradient = read(1, dPost, first, n);
    for (int i = 0; i < n * dMlp; i++) {
      gate[i] *= gradient[i];
    }
    write(gate, dLinear, first, n);
    float[] factor = read(2, linear, first, n);
    for (int i = 0; i < n * dMlp; i++) {
      gradient[i] *= factor[i];
    }
    if (norm == null) {
      f.gradient(read(0, pre, first, n), gradient, spare(2, n), n, dMlp);
    }
    write(gradient, dGate, first, n);
  }

  private float[] gate(int slot, int first, int n) {
    return gate == null ? activated(slot, first, n) : read(slot, gate, first, n);
  }

  private float[] activated(int slot, int first, int n) {
    float[] tile = read(slot, pre, first, n);
    f.apply(tile, spare(3, n), n, dMlp);
    return tile;
  }

  private float[] spare(int slot, int n) {
    return Scratch.tile(slot, n * dMlp);
  }

  private float[] read(int slot, FloatBlock block, int first, int n) {
    float[] tile = Scratch.tile(slot, n * dMlp);
    block.read(first * dMlp, tile, 0, n * dMlp);
    return tile;
  }

  private void write(float[] tile, FloatBlock block, int first, int n) {
    block.write(first * dMlp, tile, 0, n * dMlp);
  }

  private Matrix neurons(FloatBlock block, int first, int n) {
    return block.matrix(first * dMlp, n, dMlp);
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }
}
