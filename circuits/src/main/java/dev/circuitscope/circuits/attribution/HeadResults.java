package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;

/** What heads wrote to the residual stream: [layer and head, batch, pos, d_model]. */
final class HeadResults {

  private final Transformer model;
  private final ActivationCache cache;
  private final Extent extent;
  private final FloatBlock values;
  private final int heads;
  private final int d;

  HeadResults(Transformer model, ActivationCache cache, Extent extent, FloatBlock values) {
    this.model = model;
    this.cache = cache;
    this.extent = extent;
    this.values = values;
    this.heads = model.config().nHeads();
    this.d = model.config().dModel();
  }

  /** Writes what a layer's heads wrote, as hooks left it if the run kept that. */
  void write(int layer) {
    if (cache.has(HookPoint.result(layer))) {
      FloatBlock results = RunRows.read(cache.get(HookPoint.result(layer)), extent);
      Parallel.forEach(heads, head -> copy(results, layer, head));
    } else {
      FloatBlock z = RunRows.read(cache.get(HookPoint.z(layer)), extent);
      Blas.singleThreaded();
      Parallel.forEach(
          heads * extent.examples(),
          task -> multiply(z, layer, task / extent.examples(), task % extent.examples()));
    }
  }

  /** result_h = z_h W_O_h, example by example, so that the bits of one do not depend on others. */
  private void multiply(FloatBlock z, int layer, int head, int example) {
    int e = model.config().dHead();
    int n = extent.positions();
    int width = heads * e;
    int offset = model.weights().layout().get("blocks." + layer + ".attn.W_O").offset();
    Matrix zOfHead = z.matrix(example * n * width, n, width).cols(head * e, (head + 1) * e);
    Matrix wO = model.weights().block().matrix(offset + head * e * d, e, d);
    int from = first(layer, head) + example * n * d;
    Blas.gemm(1, zOfHead, wO, 0, values.matrix(from, n, d));
  }

  private void copy(FloatBlock results, int layer, int head) {
    for (int r = 0; r < extent.rows(); r++) {
      values.copy(first(layer, head) + r * d, results, (r * heads + head) * d, d);
    }
  }

  private int first(int layer, int head) {
    return (layer * heads + head) * extent.rows() * d;
  }
}
