package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A batch's run with all edges, and what its edges carry when they are removed: all that is needed
 * to run it from any layer on with some edges removed.
 */
final class RunValues {

  private final Transformer model;
  private final TransformerConfig config;
  private final EdgeGraph graph;
  private final int batch;
  private final int length;
  private final SenderValues plain;
  private final SenderValues reference;
  private final List<float[]> streams = new ArrayList<>();
  private final Map<Edge, float[]> projected = new HashMap<>();
  private final Map<Head, HeadReader> readers = new HashMap<>();
  private final Map<Inlet, Reading> readings = new HashMap<>();

  RunValues(Transformer model, int[][] tokens, EdgeReference reference) {
    this.model = model;
    this.config = model.config();
    this.graph = EdgeGraph.of(config);
    Capture starts =
        Capture.matching(p -> p.site() == Site.RESID_PRE || SenderValues.CAPTURE.keeps(p));
    try (Run run =
        model.part(Layers.upTo(config.nLayers())).runWithCache(tokens, starts, Hooks.none())) {
      this.batch = tokens.length;
      this.length = tokens[0].length;
      this.plain = SenderValues.of(config, run.cache());
      for (int layer = 0; layer < config.nLayers(); layer++) {
        streams.add(FlatFloats.copy(run.cache().get(HookPoint.residPre(layer))));
      }
      streams.add(FlatFloats.copy(run.output()));
    }
    this.reference = reference.values(model, batch, length, plain);
  }

  Transformer model() {
    return model;
  }

  EdgeGraph graph() {
    return graph;
  }

  int batch() {
    return batch;
  }

  int length() {
    return length;
  }

  /**
   * The residual stream before a layer with all edges; that at the end for the number of layers.
   */
  float[] stream(int layer) {
    return streams.get(layer);
  }

  float[] reference(Sender sender) {
    return reference.written().get(sender);
  }

  /** [batch, pos, head, d_head]. */
  float[] referenceZ(int layer) {
    return reference.z().get(layer);
  }

  /**
   * Adds what a receiver reads otherwise when an edge is removed whose sender writes what it does
   * with all edges: reference - written.
   */
  void addChange(Edge edge, float[] to) {
    if (inlet(edge).projected()) {
      FlatFloats.add(projected.computeIfAbsent(edge, this::projectedPositions), to);
      return;
    }
    float[] y = reference.written().get(edge.from());
    float[] x = plain.written().get(edge.from());
    for (int i = 0; i < to.length; i++) {
      to[i] += y[i] - x[i];
    }
  }

  /** Where an edge's correction is added. */
  Inlet inlet(Edge edge) {
    boolean positions =
        edge.from() == Sender.Embedding.POSITIONS && config.positions().shortformer();
    if (!(edge.to() instanceof Receiver.OfHead of)) {
      return new Inlet(edge.to(), null, 0, 1, config.dModel(), false);
    }
    boolean query = of.input() == Composition.Q;
    int slots = query ? config.nHeads() : config.attention().keyValueHeads();
    int slot = query ? of.head().head() : of.head().head() / config.attention().group();
    Site site =
        switch (of.input()) {
          case Q -> positions ? Site.Q : Site.Q_INPUT;
          case K -> positions ? Site.K : Site.K_INPUT;
          case V -> Site.V_INPUT;
        };
    int width = positions ? config.dHead() : config.dModel();
    HookPoint point = new HookPoint(site, of.head().layer());
    return new Inlet(edge.to(), point, slot, slots, width, positions);
  }

  /**
   * Positions of the shortformer kind are added after the normalisation, where the only point to
   * reach them is what they are projected to: (p' - p) W.
   */
  private float[] projectedPositions(Edge edge) {
    Receiver.OfHead of = (Receiver.OfHead) edge.to();
    Inlet inlet = inlet(edge);
    float[] w =
        model.weights().elements("blocks.%d.attn.W_%s".formatted(of.head().layer(), of.input()));
    float[] y = reference.written().get(edge.from());
    float[] x = plain.written().get(edge.from());
    int d = config.dModel();
    int e = config.dHead();
    float[] change = new float[x.length / d * e];
    for (int row = 0; row < x.length / d; row++) {
      for (int j = 0; j < e; j++) {
        double sum = 0;
        for (int i = 0; i < d; i++) {
          double other = (double) y[row * d + i] - x[row * d + i];
          sum += other * w[(inlet.slot() * d + i) * e + j];
        }
        change[row * e + j] = (float) sum;
      }
    }
    return change;
  }

  /** What an input of a head computes of the stream before its layer with a correction. */
  float[] read(Inlet inlet, float[] correction) {
    Receiver.OfHead of = (Receiver.OfHead) inlet.receiver();
    float[] stream = stream(of.head().layer()).clone();
    FlatFloats.add(correction, stream);
    return readers
        .computeIfAbsent(of.head(), head -> HeadReader.of(model, head))
        .read(stream, batch, length, of.input());
  }

  /** The same for removed edges; the last answer for each input is kept. */
  float[] read(Inlet inlet, List<Edge> removed, Supplier<float[]> correction) {
    Reading last = readings.get(inlet);
    if (last == null || !last.removed().equals(removed)) {
      last = new Reading(List.copyOf(removed), read(inlet, correction.get()));
      readings.put(inlet, last);
    }
    return last.values();
  }

  private record Reading(List<Edge> removed, float[] values) {}

  /** The logits of the batch, from the residual stream at the end. */
  INDArray logits(float[] end) {
    return model
        .part(Layers.from(config.nLayers()))
        .run(FlatFloats.array(end, batch, length, config.dModel()));
  }

  /**
   * Where corrections of what a receiver reads are added.
   *
   * @param receiver which
   * @param point of a head's input; null for MLPs and the logits
   * @param slot which of the inputs at the point
   * @param slots how many there are
   * @param width of one
   * @param projected whether it is behind the projection
   */
  record Inlet(
      Receiver receiver, HookPoint point, int slot, int slots, int width, boolean projected) {}
}
