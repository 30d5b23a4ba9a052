package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.Arrays;

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
  private RowSums weightSums;

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
    if (acts.hooked(scalePoint)) {
      phases
          .thenInTiles(width, (first, n) -> norm.scale(x, scale, first, n))
          .reached(scalePoint)
          .thenInTiles(width, (first, n) -> norm.normalize(x, scale, y, first, n));
    } else {
      phases
          .thenInTiles(width, (first, n) -> norm.scaleAndNormalize(x, scale, y, first, n))
          .reached(scalePoint);
    }
    phases.reached(normalizedPoint);
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

  /**
   * Adds the steps that add the gradient of x to dx, and those of the weights' gradients, which
   * {@code jobs} finish.
   */
  void backward(Phases phases, Tape acts, Tape grads, FloatBlock dx, Weights dWeights, Jobs jobs) {
    FloatBlock dy = gain == null ? dOutput : grads.create(normalizedPoint);
    if (whole.hasWeights()) {
      weightSums = new RowSums(grads.rows(), 2 * whole.width());
      weightSums.deliver(jobs, sums -> write(sums, dWeights));
    }
    if (gain != null) {
      gainBackward(phases, dy);
    }
    phases.reached(normalizedPoint);
    FloatBlock dScale = grads.create(scalePoint);
    normBackward(
        phases,
        grads.hooked(scalePoint),
        new LayerNorm.Gradients(input, acts.at(scalePoint), dy, dScale),
        dx);
  }

  private void gainBackward(Phases phases, FloatBlock dNormalized) {
    FloatBlock dOut = dOutput;
    float[] partial = weightSums.partial();
    phases.then(
        (block, size) ->
            Rows.inTiles(
                block,
                size,
                whole.width(),
                (first, n) -> {
                  gain.inputGradient(dOut, dNormalized, first, n);
                  gain.weightGradient(normalized, dOut, first, n, partial, weightSums.at(block));
                }));
  }

  private void normBackward(
      Phases phases, boolean scaleHooked, LayerNorm.Gradients g, FloatBlock dx) {
    int width = norm.width();
    float[] partial = norm.hasWeights() ? weightSums.partial() : null;
    if (!scaleHooked) {
      phases.then((block, size) -> gradient(norm, g, dx, block, size, partial, partialAt(block)));
      return;
    }
    phases
        .thenInTiles(
            width, (first, n) -> norm.scaleGradient(g.x(), g.scale(), g.dy(), g.dScale(), first, n))
        .reached(scalePoint)
        .thenInTiles(width, (first, n) -> norm.inputGradient(g, dx, first, n));
    if (partial != null) {
      phases.then(
          (block, size) ->
              Rows.inTiles(
                  block,
                  size,
                  width,
                  (first, n) -> norm.weightGradient(g, first, n, partial, partialAt(block))));
    }
  }

  private static void gradient(
      LayerNorm norm,
      LayerNorm.Gradients g,
      FloatBlock dx,
      int block,
      int size,
      float[] partial,
      int at) {
    Rows.inTiles(
        block, size, norm.width(), (first, n) -> norm.gradient(g, dx, first, n, partial, at));
  }

  private int partialAt(int block) {
    return weightSums == null ? 0 : weightSums.at(block);
  }

  /** Normalises each head's own input, {@code heads} rows a position, without hook points. */
  FloatBlock forwardPerHead(Tape acts, FloatBlock x, FloatBlock scale, int heads) {
    FloatBlock y = acts.internal(x.length());
    acts.forEach(
        (first, n) ->
            Rows.inTiles(
                first * heads,
                n * heads,
                whole.width(),
                (from, count) -> whole.scaleAndNormalize(x, scale, y, from, count)));
    return y;
  }

  /** The gradient of {@link #forwardPerHead}, written to dx; adds to those of the weights. */
  void backwardPerHead(LayerNorm.Gradients g, Tape grads, FloatBlock dx, int heads) {
    float[] partial = whole.hasWeights() ? weightSums.partial() : null;
    grads.forEach(
        (first, n) -> {
          dx.clear(first * heads * whole.width(), n * heads * whole.width());
          gradient(whole, g, dx, first * heads, n * heads, partial, partialAt(first));
        });
  }

  private void write(float[] sums, Weights dWeights) {
    dWeights.row(name + ".w").write(sums);
    if (whole.hasOffset()) {
      float[] offset = Arrays.copyOfRange(sums, whole.width(), 2 * whole.width());
      dWeights.row(name + ".b").write(offset);
    }
  }
}
