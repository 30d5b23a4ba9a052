package dev.circuitscope.circuits.edges;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The senders, receivers and edges that models of a configuration have.
 *
 * <p>A sender reaches every receiver that reads after it has written: embeddings all of them; a
 * head those of later layers, the logits, and the MLP of its own layer unless the two are parallel;
 * an MLP those of later layers and the logits. Position embeddings of the shortformer kind are read
 * by queries and keys alone; rotary positions, or none, are no sender.
 *
 * <p>With grouped-query attention the heads of a group have one input of keys and one of values,
 * which go under the name of the group's first head.
 *
 * @param config the shape of the models
 */
public record EdgeGraph(TransformerConfig config) {

  /**
   * The graph of a configuration.
   *
   * @param config the shape of the models
   * @return the graph
   */
  public static EdgeGraph of(TransformerConfig config) {
    return new EdgeGraph(config);
  }

  /**
   * What writes.
   *
   * @return embeddings first, then layer by layer heads and MLP
   */
  public List<Sender> senders() {
    List<Sender> senders = new ArrayList<>(List.of(Sender.tokens()));
    if (config.positions().embedded()) {
      senders.add(Sender.positions());
    }
    for (int layer = 0; layer < config.nLayers(); layer++) {
      for (int head = 0; head < config.nHeads(); head++) {
        senders.add(Sender.head(layer, head));
      }
      if (config.mlp().isPresent()) {
        senders.add(Sender.mlp(layer));
      }
    }
    return senders;
  }

  /**
   * What reads.
   *
   * @return layer by layer the queries, keys and values of each head, then the MLP; last the logits
   */
  public List<Receiver> receivers() {
    Set<Receiver> receivers = new LinkedHashSet<>();
    for (int layer = 0; layer < config.nLayers(); layer++) {
      for (int head = 0; head < config.nHeads(); head++) {
        for (Composition input : Composition.values()) {
          receivers.add(distinct(Receiver.head(layer, head, input)));
        }
      }
      if (config.mlp().isPresent()) {
        receivers.add(Receiver.mlp(layer));
      }
    }
    receivers.add(Receiver.logits());
    return List.copyOf(receivers);
  }

  /**
   * Every edge.
   *
   * @return in the order of {@link #receivers}, and for each in that of {@link #senders}
   */
  public List<Edge> edges() {
    return receivers().stream().flatMap(receiver -> into(receiver).stream()).toList();
  }

  /**
   * The edges that end at a receiver.
   *
   * @param receiver of the model
   * @return in the order of {@link #senders}
   */
  public List<Edge> into(Receiver receiver) {
    return senders().stream()
        .filter(sender -> reaches(sender, receiver))
        .map(sender -> new Edge(sender, distinct(receiver)))
        .toList();
  }

  /**
   * Whether a sender has written before a receiver reads, and into what it reads.
   *
   * @param sender of the model
   * @param receiver of the model
   * @return whether there is an edge
   */
  public boolean reaches(Sender sender, Receiver receiver) {
    if (sender == Sender.Embedding.POSITIONS && config.positions().shortformer()) {
      return receiver instanceof Receiver.OfHead of && of.input() != Composition.V;
    }
    return order(sender) < order(receiver);
  }

  /**
   * What reads with a receiver, and writes again.
   *
   * @param receiver of the model
   * @return a head, the heads of a group, an MLP; nothing for the logits
   */
  public List<Sender> owners(Receiver receiver) {
    if (receiver instanceof Receiver.OfMlp mlp) {
      return List.of(Sender.mlp(mlp.layer()));
    }
    if (!(receiver instanceof Receiver.OfHead of)) {
      return List.of();
    }
    if (of.input() == Composition.Q) {
      return List.of(new Sender.OfHead(of.head()));
    }
    List<Sender> owners = new ArrayList<>();
    for (int i = 0; i < config.attention().group(); i++) {
      owners.add(Sender.head(of.head().layer(), first(of.head()) + i));
    }
    return owners;
  }

  /**
   * The same receiver under the name that it has here: keys and values of a group are its first
   * head's.
   *
   * @param receiver of the model
   * @return one of {@link #receivers}
   */
  public Receiver distinct(Receiver receiver) {
    return receiver instanceof Receiver.OfHead of && of.input() != Composition.Q
        ? Receiver.head(of.head().layer(), first(of.head()), of.input())
        : receiver;
  }

  /**
   * Refuses edges that the model does not have.
   *
   * @param edge to look for
   * @return the edge, its receiver under the name that it has here
   * @throws IllegalArgumentException if the model has no such sender or receiver, or the sender
   *     writes after the receiver has read
   */
  public Edge require(Edge edge) {
    requirePart(edge.from());
    requirePart(edge.to());
    if (!reaches(edge.from(), edge.to())) {
      boolean late = order(edge.from()) >= order(edge.to());
      throw new IllegalArgumentException(
          "there is no edge from %s to %s: %s"
              .formatted(
                  edge.from(),
                  edge.to(),
                  late
                      ? "the sender writes after the receiver has read"
                      : "positions are added to what queries and keys read, and to nothing else"));
    }
    return new Edge(edge.from(), distinct(edge.to()));
  }

  private int first(Head head) {
    return head.head() - head.head() % config.attention().group();
  }

  private boolean parallel() {
    return config.mlp().isPresent() && config.mlp().get().parallel();
  }

  /** A sender reaches receivers of a greater order. */
  private int order(Sender sender) {
    if (sender instanceof Sender.OfHead of) {
      return 2 * of.head().layer() + 1;
    }
    if (sender instanceof Sender.OfMlp mlp) {
      return 2 * mlp.layer() + (parallel() ? 1 : 2);
    }
    return 0;
  }

  private int order(Receiver receiver) {
    if (receiver instanceof Receiver.OfHead of) {
      return 2 * of.head().layer() + 1;
    }
    if (receiver instanceof Receiver.OfMlp mlp) {
      return 2 * mlp.layer() + (parallel() ? 1 : 2);
    }
    return Integer.MAX_VALUE;
  }

  private void requirePart(Sender sender) {
    if (sender instanceof Sender.OfHead of) {
      requireHead(of.head());
    } else if (sender instanceof Sender.OfMlp mlp) {
      requireMlp(mlp.layer());
    } else if (sender == Sender.Embedding.POSITIONS && !config.positions().embedded()) {
      throw new IllegalArgumentException(
          "the model has no position embeddings: its positions are " + config.positions().label());
    }
  }

  private void requirePart(Receiver receiver) {
    if (receiver instanceof Receiver.OfHead of) {
      requireHead(of.head());
    } else if (receiver instanceof Receiver.OfMlp mlp) {
      requireMlp(mlp.layer());
    }
  }

  private void requireHead(Head head) {
    if (head.layer() >= config.nLayers() || head.head() >= config.nHeads()) {
      throw missing(head.toString());
    }
  }

  private void requireMlp(int layer) {
    if (config.mlp().isEmpty() || layer >= config.nLayers()) {
      throw missing("MLP" + layer);
    }
  }

  private IllegalArgumentException missing(String part) {
    return new IllegalArgumentException(
        "the model has no %s: it has %d layers of %d heads, %s"
            .formatted(
                part,
                config.nLayers(),
                config.nHeads(),
                config.mlp().isPresent() ? "with MLPs" : "without MLPs"));
  }

  /** The number of edges. */
  @Override
  public String toString() {
    return "%d edges from %d senders to %d receivers"
        .formatted(edges().size(), senders().size(), receivers().size());
  }
}
