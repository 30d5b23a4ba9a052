package dev.circuitscope.circuits.patching;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A path through a model. Prints as {@code L0H1 -> L1H2.K -> logits}.
 *
 * @param from where it begins
 * @param through what reads, one after the other, at least one; only the last may be the logits
 */
public record PatchedPath(Sender from, List<Receiver> through) {

  /**
   * Checks that the path goes forward.
   *
   * @param from where it begins
   * @param through what reads; copied
   * @throws IllegalArgumentException if there is no receiver, or something follows the logits
   */
  public PatchedPath {
    through = List.copyOf(through);
    if (through.isEmpty()) {
      throw new IllegalArgumentException("a path needs at least one receiver after " + from);
    }
    for (Receiver receiver : through.subList(0, through.size() - 1)) {
      if (receiver == Receiver.Output.LOGITS) {
        throw new IllegalArgumentException("nothing follows the logits in a path: " + through);
      }
    }
  }

  /**
   * A path.
   *
   * @param from where it begins
   * @param through what reads, one after the other
   * @return the path
   * @throws IllegalArgumentException if there is no receiver, or something follows the logits
   */
  public static PatchedPath of(Sender from, Receiver... through) {
    return new PatchedPath(from, List.of(through));
  }

  /**
   * An edge as a path.
   *
   * @param edge of a model
   * @return the path that consists of it
   */
  public static PatchedPath of(Edge edge) {
    return of(edge.from(), edge.to());
  }

  /**
   * Every edge along which two batches can differ: from token embeddings, heads and MLPs to the
   * inputs of heads and MLPs and to the logits.
   *
   * @param config shape of the model
   * @return one path for each edge, in the order of {@link EdgeGraph#edges}, without those from
   *     position embeddings
   */
  public static List<PatchedPath> edges(TransformerConfig config) {
    return EdgeGraph.of(config).edges().stream()
        .filter(edge -> edge.from() != Sender.Embedding.POSITIONS)
        .map(PatchedPath::of)
        .toList();
  }

  /** Refuses paths that the model does not have, and those that carry no difference. */
  void requireIn(TransformerConfig config) {
    EdgeGraph graph = EdgeGraph.of(config);
    Sender sender = from;
    for (Receiver receiver : through) {
      graph.require(new Edge(sender, receiver));
      sender = owner(receiver).orElse(sender);
    }
    if (from == Sender.Embedding.POSITIONS) {
      throw new IllegalArgumentException(
          "nothing to patch along %s: position embeddings are the same in both runs; circuits.discovery removes such edges"
              .formatted(this));
    }
  }

  /** The head or MLP that a receiver belongs to; nothing for the logits. */
  static Optional<Sender> owner(Receiver receiver) {
    if (receiver instanceof Receiver.OfHead of) {
      return Optional.of(new Sender.OfHead(of.head()));
    }
    return receiver instanceof Receiver.OfMlp mlp
        ? Optional.of(Sender.mlp(mlp.layer()))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return from + through.stream().map(receiver -> " -> " + receiver).collect(Collectors.joining());
  }
}
