package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.hook.HookPoint;

/** One normalisation of the residual stream, with its two hook points. */
final class NormStep {

  private final LayerNorm norm;
  private final String name;
  private final HookPoint scalePoint;
  private final HookPoint normalizedPoint;

  NormStep(LayerNorm norm, String name, HookPoint scalePoint, HookPoint normalizedPoint) {
    this.norm = norm;
    this.name = name;
    this.scalePoint = scalePoint;
    this.normalizedPoint = normalizedPoint;
  }

  /** Normalises x. */
  FloatBlock forward(Tape acts, FloatBlock x) {
    FloatBlock scale = acts.create(scalePoint);
    FloatBlock y = acts.create(normalizedPoint);
    Rows rows = acts.rows();
    acts.inPhases(
        rows.blocks(),
        block -> tiles(rows, block, (first, n) -> norm.scale(x, scale, first, n)),
        scalePoint,
        block -> tiles(rows, block, (first, n) -> norm.normalize(x, scale, y, first, n)));
    acts.reached(normalizedPoint);
    return y;
  }

  /** Adds the gradient of x to dx, from the gradient that {@code grads} holds of the output. */
  void backward(Tape acts, Tape grads, FloatBlock x, FloatBlock dx, Weights dWeights) {
    grads.reached(normalizedPoint);
    FloatBlock scale = acts.at(scalePoint);
    FloatBlock dy = grads.at(normalizedPoint);
    FloatBlock dScale = grads.create(scalePoint);
    LayerNorm.Gradients g = new LayerNorm.Gradients(x, scale, dy, dScale);
    Rows rows = grads.rows();
    grads.inPhases(
        rows.blocks(),
        block ->
            tiles(rows, block, (first, n) -> norm.scaleGradient(x, scale, dy, dScale, first, n)),
        scalePoint,
        block -> tiles(rows, block, (first, n) -> norm.inputGradient(g, dx, first, n)));
    addWeightGradient(g, rows, dWeights);
  }

  /** The point whose gradient {@link #backward} starts from. */
  HookPoint output() {
    return normalizedPoint;
  }

  /** Normalises each head's own input; rows are positions times heads, without hook points. */
  FloatBlock forwardPerHead(Tape acts, FloatBlock x, FloatBlock scale, Rows rows) {
    FloatBlock y = acts.internal(x.length());
    rows.forEach(
        (first, n) -> {
          norm.scale(x, scale, first, n);
          norm.normalize(x, scale, y, first, n);
        });
    return y;
  }

  /** The gradient of {@link #forwardPerHead}, written to dx. */
  void backwardPerHead(LayerNorm.Gradients g, FloatBlock dx, Rows rows, Weights dWeights) {
    dx.clear();
    rows.forEach(
        (first, n) -> {
          norm.scaleGradient(g.x(), g.scale(), g.dy(), g.dScale(), first, n);
          norm.inputGradient(g, dx, first, n);
        });
    addWeightGradient(g, rows, dWeights);
  }

  private void tiles(Rows rows, int block, Rows.Body body) {
    rows.visit(block, (first, n) -> Rows.inTiles(first, n, norm.width(), body));
  }

  private void addWeightGradient(LayerNorm.Gradients g, Rows rows, Weights dWeights) {
    if (norm.hasWeights()) {
      Matrix dw = dWeights.row(name + ".w");
      Matrix db = dWeights.row(name + ".b");
      float[] w = dWeights.vector(name + ".w");
      float[] b = dWeights.vector(name + ".b");
      norm.weightGradient(g, rows, w, b);
      dw.write(w);
      db.write(b);
    }
  }
}
