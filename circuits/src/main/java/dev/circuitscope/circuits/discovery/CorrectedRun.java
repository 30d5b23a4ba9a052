package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.model.Layers;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One run with removed edges, from the residual stream before a layer to that at the end, in copies
 * of the batch: the first with some edges removed, each further one with more. No edge into a
 * receiver before the layer may be removed, so that the stream before it is the one with all edges.
 *
 * <p>What a receiver reads is the stream, and {@code reference - written} for each removed edge
 * into it. Senders that reach nothing any more write their reference values; nothing needs to be
 * corrected for them or in what they read.
 */
final class CorrectedRun {

  private final RunValues values;
  private final TransformerConfig config;
  private final EdgeGraph graph;
  private final int layer;
  private final int copies;
  private final Liveness live;
  private final Map<RunValues.Inlet, Corrections> corrections = new LinkedHashMap<>();

  /**
   * Gathers what to correct.
   *
   * @param removed edges that are removed in all copies
   * @param more for each copy, edges that it and those after it remove in addition; their senders
   *     come before the layer
   */
  CorrectedRun(RunValues values, int layer, Set<Edge> removed, List<List<Edge>> more) {
    this.values = values;
    this.config = values.model().config();
    this.graph = values.graph();
    this.layer = layer;
    this.copies = more.size();
    this.live = Liveness.of(graph, removed);
    for (Edge edge : removed) {
      if (!live.reads(edge.to())) {
        continue;
      }
      if (before(edge.from())) {
        at(edge).addKnown(edge, 0);
      } else if (live.live().contains(edge.from())) {
        at(edge).addRunning(edge.from());
      }
    }
    for (int copy = 0; copy < copies; copy++) {
      for (Edge edge : more.get(copy)) {
        at(edge).addKnown(edge, copy);
      }
    }
  }

  private Corrections at(Edge edge) {
    return corrections.computeIfAbsent(
        values.inlet(edge), inlet -> new Corrections(values, inlet, copies));
  }

  private boolean before(Sender sender) {
    return sender instanceof Sender.Embedding || sender.point().layer() < layer;
  }

  /** The streams at the end as the unembedding reads them, [batch, pos, d_model] of each copy. */
  float[][] ends() {
    float[] stream = values.stream(layer);
    float[][] ends = new float[copies][];
    if (layer == config.nLayers()) {
      Arrays.setAll(ends, copy -> stream.clone());
      return corrected(ends, Map.of());
    }
    CorrectionHooks hooks = new CorrectionHooks(values, live, corrections.values(), copies);
    INDArray start =
        FlatFloats.array(
            FlatFloats.tiled(stream, copies),
            (long) copies * values.batch(),
            values.length(),
            config.dModel());
    try (Run run =
        values
            .model()
            .part(Layers.between(layer, config.nLayers()))
            .runWithCache(start, Capture.nothing(), hooks.from(layer))) {
      FloatBuffer all = FlatFloats.own(run.output());
      for (int copy = 0; copy < copies; copy++) {
        ends[copy] = new float[stream.length];
        all.get(copy * stream.length, ends[copy]);
      }
    }
    return corrected(ends, hooks.written());
  }

  private float[][] corrected(float[][] ends, Map<Sender, float[]> written) {
    for (Corrections correction : corrections.values()) {
      if (correction.inlet().receiver() == Receiver.Output.LOGITS) {
        // summed up before several threads read it
        correction.known();
        int size = values.length() * config.dModel();
        Parallel.forEach(
            copies * values.batch(),
            i -> {
              float[] end = ends[i / values.batch()];
              int example = i % values.batch();
              float[] change = correction.of(i / values.batch(), example, written);
              for (int j = 0; change != null && j < size; j++) {
                end[example * size + j] += change[j];
              }
            });
      }
    }
    return ends;
  }
}
