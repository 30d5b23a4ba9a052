package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;

/** pre = x W_in + b_in, post = f(pre), or LN(f(pre)) with solu_ln. */
final class PlainNeurons implements Neurons {

  private final Tape acts;
  private final int layer;
  private final int dModel;
  private final int dMlp;
  private final Nonlinearity f;
  private final NormStep norm;
  private final String name;
  private final Matrix wIn;
  private final float[] bIn;
  private FloatBlock x;
  private FloatBlock pre;
  private FloatBlock dPre;
  private FloatBlock dPost;

  PlainNeurons(TransformerConfig config, Weights weights, Tape acts, int layer) {
    MlpShape shape = config.mlp().orElseThrow();
    this.acts = acts;
    this.layer = layer;
    this.dModel = config.dModel();
    this.dMlp = shape.dMlp();
    this.f = Nonlinearity.of(shape.activation());
    this.norm = shape.activation().normalized() ? NormStep.ofNeurons(config, weights, layer) : null;
    this.name = "blocks." + layer + ".mlp.";
    this.wIn = weights.matrix(name + "W_in");
    this.bIn = weights.vector(name + "b_in");
  }

  @Override
  public FloatBlock forward(Phases phases, FloatBlock input) {
    x = input;
    pre = acts.create(at(Site.MLP_PRE));
    phases
        .then(
            (first, n) ->
                Linear.forward(
                    x.matrix(first * dModel, n, dModel),
                    wIn,
                    bIn,
                    pre.matrix(first * dMlp, n, dMlp)))
        .reached(at(Site.MLP_PRE));
    FloatBlock activated = acts.create(at(norm == null ? Site.MLP_POST : Site.MLP_MID));
    phases.thenInTiles(dMlp, (first, n) -> activate(activated, first, n));
    if (norm == null) {
      phases.reached(at(Site.MLP_POST));
      return activated;
    }
    phases.reached(at(Site.MLP_MID));
    FloatBlock normalized = norm.forward(phases, acts, activated);
    FloatBlock post = phases.share(at(Site.MLP_POST), normalized);
    phases.reached(at(Site.MLP_POST));
    return post;
  }

  @Override
  public FloatBlock outputGradient(Tape grads) {
    dPre = grads.create(at(Site.MLP_PRE));
    // The gradient of pre takes the place of that of post, if nobody wants to see the latter.
    boolean apart = norm != null || grads.wanted(at(Site.MLP_POST));
    dPost = apart ? grads.create(at(Site.MLP_POST)) : dPre;
    return dPost;
  }

  @Override
  public void backward(
      Phases phases, Tape grads, float beta, FloatBlock dx, Weights dWeights, Jobs jobs) {
    FloatBlock dActivated = norm == null ? dPost : normBackward(phases, grads, dWeights, jobs);
    phases
        .thenInTiles(dMlp, (first, n) -> activationGradient(dActivated, first, n))
        .reached(at(Site.MLP_PRE))
        .then(
            (first, n) ->
                Linear.inputGradient(
                    dPre.matrix(first * dMlp, n, dMlp),
                    wIn,
                    beta,
                    dx.matrix(first * dModel, n, dModel)));
  }

  private FloatBlock normBackward(Phases phases, Tape grads, Weights dWeights, Jobs jobs) {
    phases.copy(dPost, norm.outputGradient(grads));
    FloatBlock dMid = grads.create(at(Site.MLP_MID));
    phases.then((first, n) -> dMid.clear(first * dMlp, n * dMlp));
    norm.backward(phases, acts, grads, dMid, dWeights, jobs);
    phases.reached(at(Site.MLP_MID));
    return dMid;
  }

  @Override
  public void weightGradients(Tape grads, Weights dWeights, Jobs jobs) {
    Rows rows = grads.rows();
    Linear.weightGradient(
        x.matrix(0, rows.count(), dModel),
        dPre.matrix(0, rows.count(), dMlp),
        dWeights.matrix(name + "W_in"),
        dWeights.row(name + "b_in"),
        jobs);
  }

  /** f(pre) of n rows. */
  private void activate(FloatBlock out, int first, int n) {
    float[] tile = Scratch.tile(0, n * dMlp);
    pre.read(first * dMlp, tile, 0, n * dMlp);
    f.apply(tile, Scratch.tile(1, n * dMlp), n, dMlp);
    out.write(first * dMlp, tile, 0, n * dMlp);
  }

  /** dpre = f'(pre) df of n rows. */
  private void activationGradient(FloatBlock df, int first, int n) {
    float[] tile = Scratch.tile(0, n * dMlp);
    float[] gradient = Scratch.tile(1, n * dMlp);
    pre.read(first * dMlp, tile, 0, n * dMlp);
    df.read(first * dMlp, gradient, 0, n * dMlp);
    f.gradient(tile, gradient, Scratch.tile(2, n * dMlp), n, dMlp);
    dPre.write(first * dMlp, gradient, 0, n * dMlp);
  }

  private HookPoint at(Site site) {
    return new HookPoint(site, layer);
  }
}
