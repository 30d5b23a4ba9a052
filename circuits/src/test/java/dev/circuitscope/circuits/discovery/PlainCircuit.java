package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.special.Erf;

/**
 * A circuit's logits in float64, part by part: what each part reads is summed up from what all
 * senders before it write, or write in the reference. For LayerNorm or none, gelu, no rotary
 * positions.
 */
final class PlainCircuit {

  private final Transformer model;
  private final TransformerConfig c;
  private final EdgeGraph graph;
  private final Set<Edge> removed;
  private final Map<Sender, double[][]> reference;
  private final Map<Sender, double[][]> written = new HashMap<>();
  private final int length;

  private PlainCircuit(
      Transformer model, Set<Edge> removed, int length, Map<Sender, double[][]> reference) {
    this.model = model;
    this.c = model.config();
    this.graph = EdgeGraph.of(c);
    this.removed = removed;
    this.reference = reference;
    this.length = length;
  }

  /**
   * Logits [pos][d_vocab_out] of one sequence.
   *
   * @param embedded what the embeddings write, [pos][d_model]
   * @param reference what removed edges carry, [pos][d_model]
   */
  static double[][] logits(
      Transformer model,
      Set<Edge> removed,
      int length,
      Map<Sender, double[][]> embedded,
      Map<Sender, double[][]> reference) {
    PlainCircuit run = new PlainCircuit(model, removed, length, reference);
    run.written.putAll(embedded);
    return run.run();
  }

  private double[][] run() {
    for (int layer = 0; layer < c.nLayers(); layer++) {
      boolean parallel = c.mlp().isPresent() && c.mlp().get().parallel();
      if (parallel) {
        written.put(Sender.mlp(layer), mlp(layer));
      }
      for (int head = 0; head < c.nHeads(); head++) {
        written.put(Sender.head(layer, head), head(layer, head));
      }
      if (c.mlp().isPresent() && !parallel) {
        written.put(Sender.mlp(layer), mlp(layer));
      }
    }
    double[][] x = normalized(read(Receiver.logits()), "ln_final");
    return affine(x, w("unembed.W_U"), 0, w("unembed.b_U"), 0, c.dVocabOut());
  }

  /** The sum of what reaches a receiver; of attention's biases those of the layers before it. */
  private double[][] read(Receiver receiver) {
    double[][] x = new double[length][c.dModel()];
    for (Edge edge : graph.into(receiver)) {
      boolean beside = edge.from() == Sender.positions() && c.positions().shortformer();
      if (!beside) {
        plus(x, carried(edge));
      }
    }
    int attentions = c.nLayers();
    if (receiver instanceof Receiver.OfHead of) {
      attentions = of.head().layer();
    } else if (receiver instanceof Receiver.OfMlp mlp) {
      attentions = mlp.layer() + (c.mlp().get().parallel() ? 0 : 1);
    }
    for (int layer = 0; layer < attentions; layer++) {
      double[] b = w("blocks." + layer + ".attn.b_O");
      for (double[] row : x) {
        for (int i = 0; i < row.length; i++) {
          row[i] += b[i];
        }
      }
    }
    return x;
  }

  private double[][] carried(Edge edge) {
    return removed.contains(edge) ? reference.get(edge.from()) : written.get(edge.from());
  }

  private double[][] head(int layer, int head) {
    String at = "blocks." + layer + ".attn.";
    int shared = head / c.attention().group();
    double[][] q = projected(layer, head, Composition.Q, head);
    double[][] k = projected(layer, head, Composition.K, shared);
    double[][] v = projected(layer, head, Composition.V, shared);
    if (c.attention().smearedKeys()) {
      double own = 1 / (1 + Math.exp(-w(at + "smear")[shared]));
      for (int t = length - 1; t > 0; t--) {
        for (int i = 0; i < c.dHead(); i++) {
          k[t][i] = own * k[t][i] + (1 - own) * k[t - 1][i];
        }
      }
    }
    double[][] z = new double[length][c.dHead()];
    for (int dest = 0; dest < length; dest++) {
      double[] weights = new double[dest + 1];
      double sum = 0;
      for (int src = 0; src <= dest; src++) {
        double score = 0;
        for (int i = 0; i < c.dHead(); i++) {
          score += q[dest][i] * k[src][i];
        }
        weights[src] = Math.exp(score * c.attention().scale());
        sum += weights[src];
      }
      for (int src = 0; src <= dest; src++) {
        for (int i = 0; i < c.dHead(); i++) {
          z[dest][i] += weights[src] / sum * v[src][i];
        }
      }
    }
    int size = c.dHead() * c.dModel();
    return affine(z, w(at + "W_O"), head * size, new double[c.dModel()], 0, c.dModel());
  }

  private double[][] projected(int layer, int head, Composition input, int slot) {
    Receiver receiver = graph.distinct(new Receiver.OfHead(new Head(layer, head), input));
    double[][] x = normalized(read(receiver), "blocks." + layer + ".ln1");
    if (c.positions().shortformer() && input != Composition.V) {
      plus(x, carried(new Edge(Sender.positions(), receiver)));
    }
    String at = "blocks." + layer + ".attn.";
    int size = c.dModel() * c.dHead();
    return affine(
        x, w(at + "W_" + input), slot * size, w(at + "b_" + input), slot * c.dHead(), c.dHead());
  }

  private double[][] mlp(int layer) {
    String at = "blocks." + layer + ".mlp.";
    double[][] x = normalized(read(Receiver.mlp(layer)), "blocks." + layer + ".ln2");
    double[][] f = affine(x, w(at + "W_in"), 0, w(at + "b_in"), 0, c.mlp().get().dMlp());
    for (double[] row : f) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= (1 + Erf.erf(row[i] / Math.sqrt(2))) / 2;
      }
    }
    return affine(f, w(at + "W_out"), 0, w(at + "b_out"), 0, c.dModel());
  }

  private double[][] normalized(double[][] x, String name) {
    if (c.normalization() == Normalization.NONE) {
      return x;
    }
    double[] gain = w(name + ".w");
    double[] offset = w(name + ".b");
    double[][] y = new double[length][c.dModel()];
    for (int t = 0; t < length; t++) {
      double mean = 0;
      for (double e : x[t]) {
        mean += e / c.dModel();
      }
      double variance = 0;
      for (double e : x[t]) {
        variance += (e - mean) * (e - mean) / c.dModel();
      }
      for (int i = 0; i < c.dModel(); i++) {
        y[t][i] = (x[t][i] - mean) / Math.sqrt(variance + c.eps()) * gain[i] + offset[i];
      }
    }
    return y;
  }

  /** x W + b with W [in, out] at an offset of its array. */
  private static double[][] affine(
      double[][] x, double[] w, int from, double[] b, int bFrom, int out) {
    double[][] y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = b[bFrom + o];
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += x[t][i] * w[from + i * out + o];
        }
      }
    }
    return y;
  }

  private double[] w(String name) {
    float[] elements = model.weights().elements(name);
    double[] values = new double[elements.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = elements[i];
    }
    return values;
  }

  private static void plus(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }
}
