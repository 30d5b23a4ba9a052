package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.sampling.Provenance;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The search behind {@link EdgePruning}: stage by stage from the logits to the first layer. */
final class PruningSearch {

  /** Positions that run at a time: enough for all cores, and few to run again. */
  private static final int ROWS = 512;

  private final EdgePruning pruning;
  private final TransformerConfig config;
  private final EdgeGraph graph;
  private final RunValues values;
  private final int most;
  private final Set<Edge> removed = new LinkedHashSet<>();
  private final List<PruningStep> steps = new ArrayList<>();
  private final double whole;
  private double current;
  private int width;

  PruningSearch(EdgePruning pruning) {
    this(pruning, ROWS);
  }

  PruningSearch(EdgePruning pruning, int rows) {
    this.pruning = pruning;
    this.config = pruning.model().config();
    this.graph = EdgeGraph.of(config);
    this.values = new RunValues(pruning.model(), pruning.tokens(), pruning.reference());
    this.most = Math.max(1, rows / (values.batch() * values.length()));
    this.width = most;
    this.whole = measure(values.stream(config.nLayers()), List.of());
    this.current = whole;
  }

  PrunedCircuit run() {
    visit(config.nLayers(), List.of(Receiver.logits()));
    for (int layer = config.nLayers() - 1; layer >= 0; layer--) {
      List<Receiver> heads = new ArrayList<>();
      for (Receiver receiver : graph.receivers()) {
        if (receiver instanceof Receiver.OfMlp mlp && mlp.layer() == layer) {
          visit(layer, List.of(receiver));
        } else if (receiver instanceof Receiver.OfHead of && of.head().layer() == layer) {
          heads.add(receiver);
        }
      }
      Collections.reverse(heads);
      visit(layer, heads);
    }
    return new PrunedCircuit(
        Circuit.whole(config).without(removed),
        steps,
        whole,
        current,
        pruning.metric().label(),
        pruning.reference().toString(),
        pruning.options(),
        Provenance.of(
            config, pruning.tokens(), "given tokens", OptionalLong.empty(), RunSettings.plain()));
  }

  /** Prunes edges into receivers of one layer that do not read what each other's owners write. */
  private void visit(int layer, List<Receiver> receivers) {
    Liveness live = Liveness.of(graph, removed);
    List<Receiver> reading = new ArrayList<>();
    for (Receiver receiver : receivers) {
      if (live.reads(receiver)) {
        reading.add(receiver);
      } else {
        removed.addAll(graph.into(receiver));
      }
    }
    List<List<Edge>> candidates = candidates(reading);
    int next = 0;
    while (next < candidates.size()) {
      int n = Math.min(width, candidates.size() - next);
      int settled = attempt(layer, candidates.subList(next, next + n));
      // what fails is likely to be followed by more that fails
      width = settled == n ? Math.min(most, 2 * width) : Math.max(1, settled);
      next += settled;
    }
  }

  /** What is tried at once, in order. */
  private List<List<Edge>> candidates(List<Receiver> receivers) {
    List<List<Edge>> all = new ArrayList<>();
    if (pruning.options().granularity() == Granularity.QUERIES_KEYS_VALUES) {
      for (Receiver receiver : receivers) {
        all.addAll(ordered(graph.into(receiver).stream().map(List::of).toList(), receiver));
      }
    } else {
      Map<Object, List<Receiver>> byHead = new LinkedHashMap<>();
      for (Receiver receiver : receivers) {
        Object owner = receiver instanceof Receiver.OfHead of ? of.head() : receiver;
        byHead.computeIfAbsent(owner, o -> new ArrayList<>()).add(receiver);
      }
      byHead.values().forEach(inputs -> all.addAll(bySender(inputs)));
    }
    if (!pruning.reference().removesPositions()) {
      all.removeIf(edges -> edges.get(0).from() == Sender.Embedding.POSITIONS);
    }
    return all;
  }

  private List<List<Edge>> bySender(List<Receiver> inputs) {
    Map<Sender, List<Edge>> bySender = new LinkedHashMap<>();
    for (Sender sender : graph.senders()) {
      for (Receiver input : inputs) {
        if (graph.reaches(sender, input)) {
          bySender
              .computeIfAbsent(sender, s -> new ArrayList<>())
              .add(new Edge(sender, graph.distinct(input)));
        }
      }
    }
    return ordered(List.copyOf(bySender.values()), inputs.get(0));
  }

  private List<List<Edge>> ordered(List<List<Edge>> edges, Receiver receiver) {
    return pruning.options().order().of(edges, graph.receivers().indexOf(receiver));
  }

  /**
   * Tries to remove edges, in each copy of the batch one more, up to the first that has to stay.
   *
   * @return how many of the attempts are settled
   */
  private int attempt(int layer, List<List<Edge>> candidates) {
    float[][] ends = new CorrectedRun(values, layer, removed, candidates).ends();
    for (int i = 0; i < ends.length; i++) {
      double without = measure(ends[i], candidates.get(i));
      PruningOptions options = pruning.options();
      boolean free = options.movement().size(current, without) < options.threshold();
      steps.add(new PruningStep(candidates.get(i), current, without, free));
      if (!free) {
        return i + 1;
      }
      removed.addAll(candidates.get(i));
      current = without;
    }
    return ends.length;
  }

  private double measure(float[] end, List<Edge> without) {
    double value = pruning.metric().of(values.logits(end));
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(
          "pruning: the metric '%s' is NaN on %s; it must be a number on every run"
              .formatted(
                  pruning.metric().label(),
                  without.isEmpty() ? "the whole model" : "the run without " + without));
    }
    return value;
  }
}
