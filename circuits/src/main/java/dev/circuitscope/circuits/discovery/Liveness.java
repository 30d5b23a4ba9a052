package dev.circuitscope.circuits.discovery;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.EdgeGraph;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which senders still reach the logits when some edges are removed. */
record Liveness(EdgeGraph graph, Set<Sender> live) {

  static Liveness of(EdgeGraph graph, Set<Edge> removed) {
    Liveness found = new Liveness(graph, new HashSet<>());
    List<Receiver> receivers = graph.receivers();
    // what a receiver's owner writes is read further back in the list only
    for (int i = receivers.size() - 1; i >= 0; i--) {
      Receiver receiver = receivers.get(i);
      if (found.reads(receiver)) {
        for (Edge edge : graph.into(receiver)) {
          if (!removed.contains(edge)) {
            found.live.add(edge.from());
          }
        }
      }
    }
    return found;
  }

  /** Whether anything that reaches the logits reads with it. */
  boolean reads(Receiver receiver) {
    return receiver == Receiver.Output.LOGITS
        || graph.owners(receiver).stream().anyMatch(live::contains);
  }
}
