package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;

/**
 * One normalisation of one run, with its two hook points. LayerNorm's weights come before
 * hook_normalized and RMSNorm's after it, as in TransformerLens.
 */
final class NormStep {

  private final LayerNorm whole;
  private final LayerNorm norm;
  private final Gain gain;
  private final String name;
  private final HookPoint scalePoint;
  private final HookPoint normalizedPoint;
  private FloatBlock input;
  private FloatBlock normalized;
  private FloatBlock dOutput;
  private LayerNorm.Gradients gradients;

  private NormStep(
      LayerNorm whole, Gain gain, String name, HookPoint scalePoint, HookPoint normalizedPoint) {
    this.whole = whole;
    this.norm = gain == null ? whole : whole.withoutWeights();
    this.gain = gain;
    this.name = name;
    this.scalePoint = scalePoint;
    this.normalizedPoint = normalizedPoint;
  }

  /** A normalisation of the residual stream within a block; null where the model has none. */
  static NormStep inBlock(
      TransformerConfig config, Weights weights, int layer, String name, Site scale, Site output) {
    return of(
        config,
        weights,
        "blocks." + layer + "." + name,
        new HookPoint(scale, layer),
        new HookPoint(output, layer));
  }

  /** The normalisation before the unembedding; null where the model has none. */
  static NormStep last(TransformerConfig config, Weights weights) {
    return of(config, weights, "ln_final", HookPoint.LN_FINAL_SCALE, HookPoint.LN_FINAL_NORMALIZED);
  }

  /** That of solu_ln's neurons. */
  static NormStep ofNeurons(TransformerConfig config, Weights weights, int layer) {
    String name = "blocks." + layer + ".mlp.ln";
    return new NormStep(
        LayerNorm.ofNeurons(config, weights, name),
        null,
        name,
        new HookPoint(Site.MLP_LN_SCALE, layer),
        new HookPoint(Site.MLP_LN_NORMALIZED, layer));
  }

  private static NormStep of(
      TransformerConfig config, Weights weights, String name, HookPoint scale, HookPoint output) {
    if (config.normalization() == Normalization.NONE) {
      return null;
    }
    boolean weightsLast = config.normalization() == Normalization.RMS;
    return new NormStep(
        LayerNorm.of(config, weights, name),
        weightsLast ? new Gain(weights.vector(name + ".w")) : null,
        name,
        scale,
        output);
  }

  /** Adds the steps that normalise x; returns where the outcome will be. */
  FloatBlock forward(Phases phases, Tape acts, FloatBlock x) {
    FloatBlock scale = acts.create(scalePoint);
    FloatBlock y = acts.create(normalizedPoint);
    int width = norm.width();
    input = x;
    normalized = y;
    phases
        .thenInTiles(width, (first, n) -> norm.scale(x, scale, first, n))
        .reached(scalePoint)
        .thenInTiles(width, (first, n) -> norm.normalize(x, scale, y, first, n))
        .reached(normalizedPoint);
    if (gain == null) {
      return y;
    }
    FloatBlock output = acts.internal(y.length());
    phases.thenInTiles(width, (first, n) -> gain.forward(y, output, first, n));
    return output;
  }

  /** The block for the gradient of the outcome, which {@link #backward} starts from. */
  FloatBlock outputGradient(Tape grads) {
    dOutput = gain == null ? grads.create(normalizedPoint) : grads.internal(normalized.length());
    return dOutput;
  }

  /** Adds the steps that add the gradient of x to dx. */
  void backward(Phases phases, Tape acts, Tape grads, FloatBlock dx) {
    int width = norm.width();
    FloatBlock x = input;
    FloatBlock dy = gain == null ? dOutput : grads.create(normalizedPoint);
    FloatBlock scale = acts.at(scalePoint);
    FloatBlock dScale = grads.create(scalePoint);
    LayerNorm.Gradients g = new LayerNorm.Gradients(x, scale, dy, dScale);
    gradients = g;
    if (gain != null) {
      FloatBlock dOut = dOutput;
      phases.thenInTiles(width, (first, n) -> gain.inputGradient(dOut, dy, first, n));
    }
    phases
        .reached(normalizedPoint)
        .thenInTiles(width, (first, n) -> norm.scaleGradient(x, scale, dy, dScale, first, n))
        .reached(scalePoint)
        .thenInTiles(width, (first, n) -> norm.inputGradient(g, dx, first, n));
  }

  /** Overwrites the gradients of the weights, once the steps of {@link #backward} have run. */
  void weightGradient(Rows rows, Weights dWeights) {
    if (gain != null) {
      dWeights.row(name + ".w").write(gain.weightGradient(normalized, dOutput, rows));
    } else if (norm.hasWeights()) {
      clearWeightGradient(dWeights);
      addWeightGradient(gradients, rows, dWeights);
    }
  }

  /** Normalises each head's own input; rows are positions times heads, without hook points. */
  FloatBlock forwardPerHead(Tape acts, FloatBlock x, FloatBlock scale, Rows rows) {
    FloatBlock y = acts.internal(x.length());
    rows.forEach(
        (first, n) -> {
          whole.scale(x, scale, first, n);
          whole.normalize(x, scale, y, first, n);
        });
    return y;
  }

  /** The gradient of {@link #forwardPerHead}, written to dx; adds to those of the weights. */
  void backwardPerHead(LayerNorm.Gradients g, FloatBlock dx, Rows rows, Weights dWeights) {
    dx.clear();
    rows.forEach(
        (first, n) -> {
          whole.scaleGradient(g.x(), g.scale(), g.dy(), g.dScale(), first, n);
          whole.inputGradient(g, dx, first, n);
        });
    if (whole.hasWeights()) {
      addWeightGradient(g, rows, dWeights);
    }
  }

  private void clearWeightGradient(Weights dWeights) {
    dWeights.row(name + ".w").clear();
    if (whole.hasOffset()) {
      dWeights.row(name + ".b").clear();
    }
  }

  private void addWeightGradient(LayerNorm.Gradients g, Rows rows, Weights dWeights) {
    float[] sums = whole.weightGradient(g, rows);
    add(sums, 0, name + ".w", dWeights);
    if (whole.hasOffset()) {
      add(sums, whole.width(), name + ".b", dWeights);
    }
  }

  private static void add(float[] sums, int from, String name, Weights dWeights) {
    float[] gradient = dWeights.vector(name);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += sums[from + i];
    }
    dWeights.row(name).write(gradient);
  }
}
