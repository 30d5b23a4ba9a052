package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.Blas;
import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Matrix;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attribution of what is written through a matrix W [width, d_model], in groups of consecutive
 * rows: sum over a group's rows i of x_i (W_i . q). A head's group is its d_head, a neuron's is
 * itself.
 */
final class WriterAttribution {

  private final Transformer model;
  private final ActivationCache cache;
  private final Extent whole;
  private final FloatBlock directions;

  WriterAttribution(Transformer model, ActivationCache cache, Extent whole, FloatBlock directions) {
    this.model = model;
    this.cache = cache;
    this.whole = whole;
    this.directions = directions;
  }

  LogitAttribution heads(FloatBlock offsets) {
    int heads = model.config().nHeads();
    FloatBlock values = room(heads);
    List<String> labels = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      INDArray z = cache.get(HookPoint.z(layer));
      write(z, "blocks." + layer + ".attn.W_O", model.config().dHead(), values, layer * heads);
      for (int head = 0; head < heads; head++) {
        labels.add(Labels.head(layer, head));
      }
    }
    return new LogitAttribution(labels, values, offsets, whole);
  }

  LogitAttribution neurons(FloatBlock offsets) {
    int dMlp = NeuronResults.requireMlp(model);
    FloatBlock values = room(dMlp);
    List<String> labels = new ArrayList<>();
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      INDArray post = cache.get(HookPoint.mlpPost(layer));
      write(post, "blocks." + layer + ".mlp.W_out", 1, values, layer * dMlp);
      for (int neuron = 0; neuron < dMlp; neuron++) {
        labels.add(Labels.neuron(layer, neuron));
      }
    }
    return new LogitAttribution(labels, values, offsets, whole);
  }

  private FloatBlock room(int perLayer) {
    return FloatBlock.allocate((long) model.config().nLayers() * perLayer * whole.rows());
  }

  /** The groups of one layer, from component {@code first} on, example by example. */
  private void write(INDArray activation, String weight, int group, FloatBlock values, int first) {
    int d = model.config().dModel();
    int n = whole.positions();
    FloatBlock x = FloatBlock.copyOf(activation);
    int width = x.length() / whole.rows();
    int offset = model.weights().layout().get(weight).offset();
    Matrix w = model.weights().block().matrix(offset, width, d);
    Blas.singleThreaded();
    Parallel.forEach(
        whole.examples(),
        example -> {
          // W q, [width, pos]
          FloatBlock wq = FloatBlock.allocate((long) width * n);
          Blas.gemm(1, w, directions.matrix(example * n * d, n, d).t(), 0, wq.matrix(0, width, n));
          float[] xs = new float[n * width];
          x.read(example * n * width, xs, 0, xs.length);
          float[] row = new float[n];
          double[] sums = new double[n];
          float[] out = new float[n];
          for (int i = 0; i < width; i++) {
            wq.read(i * n, row, 0, n);
            for (int p = 0; p < n; p++) {
              double before = i % group == 0 ? 0 : sums[p];
              sums[p] = before + (double) row[p] * xs[p * width + i];
              out[p] = (float) sums[p];
            }
            if (i % group == group - 1) {
              int component = first + i / group;
              values.write(component * whole.rows() + example * n, out, 0, n);
            }
          }
        });
  }
}
