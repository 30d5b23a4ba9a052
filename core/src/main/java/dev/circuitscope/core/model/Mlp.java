package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;

/**
 * The MLP of one block of one run, with its normalisation: mlp_out = post W_out + b_out, where
 * {@link Neurons} make post of the normalised residual stream.
 */
final class Mlp {

  private final Tape acts;
  private final int layer;
  private final int dModel;
  private final int dMlp;
  private final NormStep norm;
  private final Neurons neurons;
  private final String name;
  private final Matrix wOut;
  private final float[] bOut;

  Mlp(TransformerConfig config, MlpShape shape, Weights weights, Tape acts, int layer) {
    this.acts = acts;
    this.layer = layer;
    this.dModel = config.dModel();
    this.dMlp = shape.dMlp();
    this.norm =
        NormStep.inBlock(config, weights, layer, "ln2", Site.LN2_SCALE, Site.LN2_NORMALIZED);
    this.neurons =
        shape.gated()
            ? new GatedNeurons(config, weights, acts, layer)
            : new PlainNeurons(config, weights, acts, layer);
    this.name = "blocks." + layer + ".mlp.";
    this.wOut = weights.matrix(name + "W_out");
    this.bOut = weights.vector(name + "b_out");
  }

  /** Adds the steps from what the MLP reads to mlp_out. */
  FloatBlock forward(Phases phases, FloatBlock resid) {
    FloatBlock x = norm == null ? resid : norm.forward(phases, acts, resid);
    FloatBlock post = neurons.forward(phases, x);
    FloatBlock out = acts.create(HookPoint.mlpOut(layer));
    phases
        .then(
            (first, n) ->
                Linear.forward(
                    post.matrix(first * dMlp, n, dMlp),
                    wOut,
                    bOut,
                    out.matrix(first * dModel, n, dModel)))
        .reached(HookPoint.mlpOut(layer));
    return out;
  }

  /** Adds the steps that add to dResid the gradient that comes through the MLP. */
  void backward(
      Phases phases, Tape grads, FloatBlock dOut, FloatBlock dResid, Weights dWeights, Jobs jobs) {
    FloatBlock dPost = neurons.outputGradient(grads);
    phases
        .then(
            (first, n) ->
                Linear.inputGradient(
                    dOut.matrix(first * dModel, n, dModel),
                    wOut,
                    0,
                    dPost.matrix(first * dMlp, n, dMlp)))
        .reached(HookPoint.mlpPost(layer));
    if (norm == null) {
      neurons.backward(phases, grads, 1, dResid, dWeights, jobs);
    } else {
      neurons.backward(phases, grads, 0, norm.outputGradient(grads), dWeights, jobs);
      norm.backward(phases, acts, grads, dResid, dWeights, jobs);
    }
  }

  /** Gradients of the weights, once the steps of {@link #backward} have run. */
  void weightGradients(Tape grads, FloatBlock dOut, Weights dWeights, Jobs jobs) {
    Rows rows = grads.rows();
    Linear.weightGradient(
        acts.at(HookPoint.mlpPost(layer)).matrix(0, rows.count(), dMlp),
        dOut.matrix(0, rows.count(), dModel),
        dWeights.matrix(name + "W_out"),
        dWeights.row(name + "b_out"),
        jobs);
    neurons.weightGradients(grads, dWeights, jobs);
  }
}
