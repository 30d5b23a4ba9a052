package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.hook.HookPoint;
import java.util.ArrayList;
import java.util.List;

/** One normalisation of the residual stream, with its two hook points. */
final class NormStep {

  private final LayerNorm norm;
  private final String name;
  private final HookPoint scalePoint;
  private final HookPoint normalizedPoint;
  private final List<float[]> partials = new ArrayList<>();

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
        (example, block) ->
            tiles(rows, example, block, (first, n) -> norm.scale(x, scale, first, n)),
        scalePoint,
        (example, block) ->
            tiles(rows, example, block, (first, n) -> norm.normalize(x, scale, y, first, n)));
    acts.reached(normalizedPoint);
    return y;
  }

  /** Adds the gradient of x to dx, from the gradient that {@code grads} holds of the output. */
  void backward(Tape acts, Tape grads, FloatBlock x, FloatBlock dx, Weights dWeights, Jobs jobs) {
    grads.reached(normalizedPoint);
    FloatBlock scale = acts.at(scalePoint);
    FloatBlock dy = grads.at(normalizedPoint);
    FloatBlock dScale = grads.create(scalePoint);
    LayerNorm.Gradients g = new LayerNorm.Gradients(x, scale, dy, dScale);
    Rows rows = grads.rows();
    grads.inPhases(
        rows.blocks(),
        (example, block) ->
            tiles(
                rows,
                example,
                block,
                (first, n) -> norm.scaleGradient(x, scale, dy, dScale, first, n)),
        scalePoint,
        (example, block) ->
            tiles(rows, example, block, (first, n) -> norm.inputGradient(g, dx, first, n)));
    addWeightGradient(g, grads, 1, dWeights, jobs);
  }

  /** The point whose gradient {@link #backward} starts from. */
  HookPoint output() {
    return normalizedPoint;
  }

  /**
   * Normalises each head's own input, {@code heads} rows for each position, without hook points.
   */
  FloatBlock forwardPerHead(Tape acts, FloatBlock x, FloatBlock scale, int heads) {
    FloatBlock y = acts.internal(x.length());
    acts.forEach(
        (first, n) -> {
          norm.scale(x, scale, first * heads, n * heads);
          norm.normalize(x, scale, y, first * heads, n * heads);
        });
    return y;
  }

  /** The gradient of {@link #forwardPerHead}, written to dx. */
  void backwardPerHead(
      LayerNorm.Gradients g, Tape grads, FloatBlock dx, int heads, Weights dWeights, Jobs jobs) {
    grads.forEach(
        (first, n) -> {
          int from = first * heads;
          int count = n * heads;
          dx.clear(from * norm.width(), count * norm.width());
          norm.scaleGradient(g.x(), g.scale(), g.dy(), g.dScale(), from, count);
          norm.inputGradient(g, dx, from, count);
        });
    addWeightGradient(g, grads, heads, dWeights, jobs);
  }

  private void tiles(Rows rows, int example, int block, Rows.Body body) {
    rows.visit(example, block, (first, n) -> Rows.inTiles(first, n, norm.width(), body));
  }

  /** Sums over blocks of rows are planned, the sum over blocks is left to {@code jobs}. */
  private void addWeightGradient(
      LayerNorm.Gradients g, Tape grads, int rowsPerPosition, Weights dWeights, Jobs jobs) {
    if (!norm.hasWeights()) {
      return;
    }
    int d = norm.width();
    int blocks = grads.rows().blocks();
    float[] partial = new float[grads.rows().batch() * blocks * 2 * d];
    grads.forEach(
        blocks,
        (example, block) ->
            grads
                .rows()
                .visit(
                    example,
                    block,
                    (first, n) ->
                        norm.weightGradient(
                            g,
                            first * rowsPerPosition,
                            n * rowsPerPosition,
                            partial,
                            (example * blocks + block) * 2 * d)));
    if (partials.isEmpty()) {
      jobs.add(() -> sumPartials(dWeights.row(name + ".w"), dWeights.row(name + ".b")));
    }
    partials.add(partial);
  }

  private void sumPartials(Matrix dw, Matrix db) {
    int d = norm.width();
    float[] w = new float[d];
    float[] b = new float[d];
    for (float[] partial : partials) {
      for (int from = 0; from < partial.length; from += 2 * d) {
        for (int i = 0; i < d; i++) {
          w[i] += partial[from + i];
          b[i] += partial[from + d + i];
        }
      }
    }
    dw.write(w);
    db.write(b);
  }
}
