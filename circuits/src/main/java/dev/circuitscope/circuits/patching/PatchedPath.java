package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A path through a model. Prints as {@code L0H1 -> L1H2.K -> logits}.
 *
 * @param from where it begins
 * @param through what reads, one after the other, at least one; only the last may be the logits
 */
public record PatchedPath(PathSender from, List<PathReceiver> through) {

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
    for (PathReceiver receiver : through.subList(0, through.size() - 1)) {
      if (receiver instanceof PathReceiver.Logits) {
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
  public static PatchedPath of(PathSender from, PathReceiver... through) {
    return new PatchedPath(from, List.of(through));
  }

  /**
   * Every edge of a model: from embeddings, heads and MLPs to the inputs of heads and MLPs and to
   * the logits.
   *
   * @param config its shape
   * @return one path for each edge, in the order of senders
   */
  public static List<PatchedPath> edges(TransformerConfig config) {
    List<PathSender> senders = new ArrayList<>(List.of(PathSender.embedding()));
    List<PathReceiver> receivers = new ArrayList<>();
    for (int layer = 0; layer < config.nLayers(); layer++) {
      for (int head = 0; head < config.nHeads(); head++) {
        senders.add(PathSender.head(layer, head));
        receivers.add(PathReceiver.query(layer, head));
        receivers.add(PathReceiver.key(layer, head));
        receivers.add(PathReceiver.value(layer, head));
      }
      if (config.mlp().isPresent()) {
        senders.add(PathSender.mlp(layer));
        receivers.add(PathReceiver.mlp(layer));
      }
    }
    receivers.add(PathReceiver.logits());
    PathOrder order = PathOrder.of(config);
    List<PatchedPath> edges = new ArrayList<>();
    for (PathSender sender : senders) {
      for (PathReceiver receiver : receivers) {
        if (order.reaches(sender, receiver)) {
          edges.add(of(sender, receiver));
        }
      }
    }
    return edges;
  }

  /** Refuses paths that the model does not have. */
  void requireIn(TransformerConfig config) {
    PathOrder order = PathOrder.of(config);
    PathSender sender = from;
    require(sender, config);
    for (PathReceiver receiver : through) {
      receiver.writes().ifPresent(owner -> require(owner, config));
      if (!order.reaches(sender, receiver)) {
        throw new IllegalArgumentException(
            "there is no edge from %s to %s: the sender writes after the receiver has read"
                .formatted(sender, receiver));
      }
      sender = receiver.writes().orElse(sender);
    }
  }

  private static void require(PathSender sender, TransformerConfig config) {
    boolean exists = true;
    if (sender instanceof PathSender.OfHead of) {
      Head head = of.head();
      exists = head.layer() < config.nLayers() && head.head() < config.nHeads();
    } else if (sender instanceof PathSender.OfMlp of) {
      exists = config.mlp().isPresent() && of.layer() >= 0 && of.layer() < config.nLayers();
    }
    if (!exists) {
      throw new IllegalArgumentException(
          "the model has no %s: it has %d layers of %d heads, %s"
              .formatted(
                  sender,
                  config.nLayers(),
                  config.nHeads(),
                  config.mlp().isPresent() ? "with MLPs" : "without MLPs"));
    }
  }

  @Override
  public String toString() {
    return from + through.stream().map(receiver -> " -> " + receiver).collect(Collectors.joining());
  }
}
