package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.ActivationCache;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Transformer;
import java.util.List;

/**
 * Outputs of heads along directions in the stream, source by source: A[dest, src] v_src . (W_O
 * q_dest). The products are float64 on the run's activations.
 */
final class SourceSplit {

  private final Transformer model;
  private final ActivationCache cache;
  private final Extent whole;
  private final FloatBlock directions;

  SourceSplit(Transformer model, ActivationCache cache, Extent whole, FloatBlock directions) {
    this.model = model;
    this.cache = cache;
    this.whole = whole;
    this.directions = directions;
  }

  /** Attributions of some heads on one example. */
  List<SourceAttribution> of(List<Head> heads, int example) {
    Extent one = whole.example(example);
    heads.forEach(this::require);
    SourceAttribution[] found = new SourceAttribution[heads.size()];
    double[] q = doubles(RunRows.select(directions, whole, one));
    Parallel.forEach(found.length, i -> found[i] = of(heads.get(i), one, q));
    return List.of(found);
  }

  private SourceAttribution of(Head head, Extent one, double[] q) {
    int n = one.positions();
    int d = model.config().dModel();
    int e = model.config().dHead();
    int heads = model.config().nHeads();
    double[] a = example(HookPoint.pattern(head.layer()), one);
    double[] v = example(HookPoint.v(head.layer()), one);
    int keyed = v.length / n / e;
    int group = head.head() * keyed / heads;
    float[] wO = new float[e * d];
    int offset = model.weights().layout().get("blocks." + head.layer() + ".attn.W_O").offset();
    model.weights().block().read(offset + head.head() * e * d, wO, 0, wO.length);
    double[][] values = new double[n][n];
    double[] along = new double[e];
    for (int dest = 0; dest < n; dest++) {
      // W_O q_dest
      for (int i = 0; i < e; i++) {
        along[i] = 0;
        for (int j = 0; j < d; j++) {
          along[i] += wO[i * d + j] * q[dest * d + j];
        }
      }
      for (int src = 0; src < n; src++) {
        double dot = 0;
        for (int i = 0; i < e; i++) {
          dot += v[(src * keyed + group) * e + i] * along[i];
        }
        // A[dest, src] v_src . (W_O q_dest)
        values[dest][src] = a[(head.head() * n + dest) * n + src] * dot;
      }
    }
    return new SourceAttribution(head, one.firstExample(), values);
  }

  private void require(Head head) {
    int layers = model.config().nLayers();
    int heads = model.config().nHeads();
    if (head.layer() >= layers || head.head() >= heads) {
      throw new IllegalArgumentException(
          "attribution by source of %s: the model has %d layers of %d heads"
              .formatted(head, layers, heads));
    }
  }

  /** An activation [batch, ...] of one example. */
  private double[] example(HookPoint point, Extent one) {
    FloatBlock all = FloatBlock.copyOf(cache.get(point));
    int length = all.length() / whole.examples();
    float[] values = new float[length];
    all.read((one.firstExample() - whole.firstExample()) * length, values, 0, length);
    return widened(values);
  }

  private static double[] doubles(FloatBlock block) {
    return widened(block.toArray());
  }

  private static double[] widened(float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }
}
