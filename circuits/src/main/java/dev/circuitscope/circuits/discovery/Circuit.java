package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Some of the edges of a model: those that a circuit consists of. All others are removed.
 *
 * <pre>{@code
 * Circuit all  = Circuit.whole(model.config());
 * Circuit some = all.without(List.of(new Edge(Sender.tokens(), Receiver.logits())));
 * Circuit only = Circuit.of(model.config(), known.edges());
 * }</pre>
 *
 * @param config the shape of the model
 * @param edges that are kept, in the order of {@link EdgeGraph#edges}
 */
public record Circuit(TransformerConfig config, Set<Edge> edges) {

  /**
   * Checks the edges and puts them in order.
   *
   * @param config the shape of the model
   * @param edges that are kept; copied
   * @throws IllegalArgumentException if the model has no such edge
   */
  public Circuit {
    EdgeGraph graph = EdgeGraph.of(config);
    Set<Edge> given = new HashSet<>();
    edges.forEach(edge -> given.add(graph.require(edge)));
    Set<Edge> ordered = new LinkedHashSet<>(graph.edges());
    ordered.retainAll(given);
    edges = Collections.unmodifiableSet(ordered);
  }

  /**
   * All edges of a model.
   *
   * @param config its shape
   * @return the circuit that is the whole model
   */
  public static Circuit whole(TransformerConfig config) {
    return new Circuit(config, new HashSet<>(EdgeGraph.of(config).edges()));
  }

  /**
   * Given edges of a model.
   *
   * @param config its shape
   * @param edges to keep
   * @return the circuit
   * @throws IllegalArgumentException if the model has no such edge
   */
  public static Circuit of(TransformerConfig config, Collection<Edge> edges) {
    return new Circuit(config, new HashSet<>(edges));
  }

  /**
   * Removes edges.
   *
   * @param removed of the model; those that are not in the circuit change nothing
   * @return a new circuit
   * @throws IllegalArgumentException if the model has no such edge
   */
  public Circuit without(Collection<Edge> removed) {
    EdgeGraph graph = EdgeGraph.of(config);
    Set<Edge> left = new HashSet<>(edges);
    removed.forEach(edge -> left.remove(graph.require(edge)));
    return new Circuit(config, left);
  }

  /**
   * The edges that are not in the circuit.
   *
   * @return in the order of {@link EdgeGraph#edges}
   */
  public Set<Edge> removed() {
    Set<Edge> removed = new LinkedHashSet<>(EdgeGraph.of(config).edges());
    removed.removeAll(edges);
    return removed;
  }

  /**
   * Whether an edge is kept.
   *
   * @param edge of the model
   * @return true if it is in the circuit
   * @throws IllegalArgumentException if the model has no such edge
   */
  public boolean contains(Edge edge) {
    return edges.contains(EdgeGraph.of(config).require(edge));
  }

  /**
   * The senders from which kept edges lead to the logits.
   *
   * @return in the order of {@link EdgeGraph#senders}
   */
  public Set<Sender> senders() {
    Set<Sender> live = Liveness.of(EdgeGraph.of(config), removed()).live();
    Set<Sender> ordered = new LinkedHashSet<>(EdgeGraph.of(config).senders());
    ordered.retainAll(live);
    return ordered;
  }

  /**
   * The same circuit without edges that do not lead to the logits.
   *
   * @return a circuit that computes the same logits
   */
  public Circuit trimmed() {
    Liveness live = Liveness.of(EdgeGraph.of(config), removed());
    List<Edge> needed = edges.stream().filter(edge -> live.reads(edge.to())).toList();
    return of(config, needed);
  }

  /** How many edges, and which, those into one receiver on a line. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "circuit of %d of %d edges"
                .formatted(edges.size(), EdgeGraph.of(config).edges().size()));
    Set<Receiver> receivers =
        edges.stream().map(Edge::to).collect(Collectors.toCollection(LinkedHashSet::new));
    for (Receiver receiver : receivers) {
      String from =
          edges.stream()
              .filter(edge -> edge.to().equals(receiver))
              .map(edge -> edge.from().toString())
              .collect(Collectors.joining(", "));
      text.append("%n  %-8s <- %s".formatted(receiver, from));
    }
    return text.toString();
  }
}
