package dev.circuitscope.circuits.learning.pertoken;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.SteadyProduct;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Losses of one batch of a probe with each head of a model taken out in turn. Every ablation goes
 * on from the stream before its layer, which all heads of it share; or from the one behind it, less
 * what the head wrote, where that is the same.
 */
final class ProbeAblations {

  /** Rows of a product that one task computes. */
  private static final int ROWS = 256;

  private final Transformer model;
  private final ProbeBatch batch;
  private final HeadAblation.OfBatch ablation;
  private final int layers;
  private final int heads;

  ProbeAblations(Transformer model, ProbeBatch batch, HeadAblation.OfBatch ablation) {
    this.model = model;
    this.batch = batch;
    this.ablation = ablation;
    this.layers = model.config().nLayers();
    this.heads = model.config().nHeads();
  }

  /**
   * Puts losses into vectors over all examples.
   *
   * @param unablated losses of the model as it is
   * @param ablated [layer][head] losses without that head
   */
  void put(double[] unablated, double[][][] ablated) {
    INDArray stream = model.part(Layers.upTo(0)).run(batch.prefixes());
    for (int layer = 0; layer < layers; layer++) {
      Capture z = Capture.only(HookPoint.z(layer));
      Layers one = Layers.between(layer, layer + 1);
      try (Run run = model.part(one).runWithCache(stream, z, Hooks.none())) {
        Behind behind = behind(run, layer);
        for (int h = 0; h < heads; h++) {
          put(new Head(layer, h), stream, behind, ablated[layer][h]);
        }
        stream = run.output().dup();
      }
    }
    batch.losses(model, stream, unablated);
  }

  /**
   * The stream behind a layer and what its heads write it from; in the last layer of what is read.
   */
  private record Behind(FloatBlock stream, FloatBlock z, int rows, boolean last) {}

  private Behind behind(Run layer, int number) {
    INDArray x = layer.output();
    INDArray z = layer.cache().get(HookPoint.z(number));
    int n = (int) (x.size(0) * x.size(1));
    return number == layers - 1
        ? new Behind(block(batch.rows(x)), block(batch.rows(z)), batch.size(), true)
        : new Behind(FloatBlock.copyOf(x), FloatBlock.copyOf(z), n, false);
  }

  private void put(Head head, INDArray before, Behind behind, double[] losses) {
    Optional<Hooks> later = ablation.behind(head);
    if (later.isPresent() && model.config().mlp().isEmpty()) {
      FloatBlock rest = without(head, behind);
      if (behind.last()) {
        batch.losses(model, rest.toArray(), losses);
      } else {
        INDArray stream = rest.asArray(before.shape());
        Layers next = Layers.between(head.layer() + 1, layers);
        batch.losses(model, model.part(next).run(stream, later.orElseThrow()), losses);
      }
      return;
    }
    Hooks hooks = ablation.without(head);
    if (ProbeBatch.inBlocksFrom(head.layer(), hooks)) {
      INDArray end = model.part(Layers.between(head.layer(), layers)).run(before, hooks);
      batch.losses(model, end, losses);
    } else {
      batch.losses(model, hooks, losses);
    }
  }

  /** x - z_h W_O_h in every row; new. */
  private FloatBlock without(Head head, Behind behind) {
    int d = model.config().dModel();
    int e = model.config().dHead();
    int rows = behind.rows();
    FloatBlock rest = FloatBlock.allocate((long) rows * d);
    rest.copy(0, behind.stream(), 0, rows * d);
    int offset = model.weights().layout().get("blocks." + head.layer() + ".attn.W_O").offset();
    Matrix wO = model.weights().block().matrix(offset + head.head() * e * d, e, d);
    Matrix z = behind.z().matrix(0, rows, heads * e).cols(head.head() * e, (head.head() + 1) * e);
    Matrix x = rest.matrix(0, rows, d);
    Blas.singleThreaded();
    Parallel.forEach(
        (rows + ROWS - 1) / ROWS,
        task -> {
          int from = task * ROWS;
          int end = Math.min(rows, from + ROWS);
          SteadyProduct.gemm(-1, z.rows(from, end), wO, 1, x.rows(from, end));
        });
    return rest;
  }

  private static FloatBlock block(float[] values) {
    FloatBlock block = FloatBlock.allocate(values.length);
    block.write(0, values, 0, values.length);
    return block;
  }
}
