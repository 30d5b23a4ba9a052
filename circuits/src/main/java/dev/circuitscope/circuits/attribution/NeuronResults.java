package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import java.util.ArrayList;
import java.util.List;

/** What neurons wrote to the residual stream. */
final class NeuronResults {

  private record Chosen(int layer, int neuron) {}

  private final Transformer model;
  private final ActivationCache cache;
  private final Extent extent;
  private final List<Chosen> chosen = new ArrayList<>();

  NeuronResults(Transformer model, ActivationCache cache, Extent extent) {
    this.model = model;
    this.cache = cache;
    this.extent = extent;
  }

  /** The number of neurons of a layer. */
  static int requireMlp(Transformer model) {
    return model
        .config()
        .mlp()
        .orElseThrow(
            () -> new IllegalArgumentException("the model is attention-only: it has no neurons"))
        .dMlp();
  }

  NeuronResults add(int layer, int... neurons) {
    int dMlp = requireMlp(model);
    for (int neuron : neurons) {
      if (neuron < 0 || neuron >= dMlp) {
        throw new IllegalArgumentException(
            "no neuron %d in layer %d: it has neurons 0 to %d".formatted(neuron, layer, dMlp - 1));
      }
      chosen.add(new Chosen(layer, neuron));
    }
    return this;
  }

  ComponentStack stack() {
    int d = model.config().dModel();
    FloatBlock values = ComponentStack.allocate(chosen.size(), extent, d);
    for (int from = 0, end; from < chosen.size(); from = end) {
      int layer = chosen.get(from).layer;
      end = from;
      while (end < chosen.size() && chosen.get(end).layer == layer) {
        end++;
      }
      FloatBlock post = RunRows.read(cache.get(HookPoint.mlpPost(layer)), extent);
      int first = from;
      Parallel.forEach(end - from, i -> write(post, first + i, values));
    }
    List<String> labels = chosen.stream().map(one -> Labels.neuron(one.layer, one.neuron)).toList();
    return new ComponentStack(labels, values, extent, d);
  }

  /** post[neuron] W_out[neuron] at every position. */
  private void write(FloatBlock post, int component, FloatBlock values) {
    int d = model.config().dModel();
    int dMlp = requireMlp(model);
    Chosen one = chosen.get(component);
    int offset = model.weights().layout().get("blocks." + one.layer + ".mlp.W_out").offset();
    float[] direction = new float[d];
    model.weights().block().read(offset + one.neuron * d, direction, 0, d);
    float[] written = new float[d];
    for (int r = 0; r < extent.rows(); r++) {
      float activation = post.get(r * dMlp + one.neuron);
      for (int i = 0; i < d; i++) {
        written[i] = activation * direction[i];
      }
      values.write((component * extent.rows() + r) * d, written, 0, d);
    }
  }
}
