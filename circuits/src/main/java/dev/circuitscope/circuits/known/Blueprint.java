package dev.circuitscope.circuits.known;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A known model before it has weights: its stream, and what its heads read and write. */
final class Blueprint {

  private final KnownSettings settings;
  private final Stream stream;
  private final List<Subspace> slots = new ArrayList<>();
  private final Map<Head, HeadDraft> drafts = new TreeMap<>();
  private final Set<Edge> idle = new HashSet<>();

  Blueprint(KnownSettings settings) {
    this(settings, settings.coding().code(settings.vocabulary() - 1));
  }

  /** With another code for the tokens that are not the start token. */
  Blueprint(KnownSettings settings, Code tokens) {
    this.settings = settings;
    this.stream =
        new Stream(settings.start(), tokens, settings.coding().code(settings.context() + 1));
  }

  KnownSettings settings() {
    return settings;
  }

  Stream stream() {
    return stream;
  }

  Map<Head, HeadDraft> drafts() {
    return drafts;
  }

  /** New dimensions that one head writes and another reads. */
  Subspace slot(int width) {
    Subspace slot = stream.add(width);
    slots.add(slot);
    return slot;
  }

  /**
   * Gives a role to the head that the settings say, or to the first free one of the first layer
   * that suits; a role's second head stands beside its first.
   */
  Head place(HeadDraft draft, int earliestLayer) {
    Head asked = settings.placement().places().get(draft.role());
    Head head = asked;
    if (asked == null) {
      head = free(earliestLayer);
    } else if (drafts.containsKey(asked)) {
      if (drafts.get(asked).role() != draft.role()) {
        throw new IllegalArgumentException(
            "%s cannot be both the %s and the %s head; place one of them elsewhere"
                .formatted(asked, drafts.get(asked).role().label(), draft.role().label()));
      }
      head = free(asked.layer());
    }
    if (head.layer() < earliestLayer) {
      throw new IllegalArgumentException(
          "the %s head reads what a head of layer %d writes, so it cannot be %s; place it in a later layer"
              .formatted(draft.role().label(), earliestLayer - 1, head));
    }
    drafts.put(head, draft);
    return head;
  }

  private Head free(int layer) {
    int head = 0;
    while (reserved(new Head(layer, head))) {
      head++;
    }
    return new Head(layer, head);
  }

  private boolean reserved(Head head) {
    return drafts.containsKey(head) || settings.placement().places().containsValue(head);
  }

  int layers() {
    int needed = drafts.keySet().stream().mapToInt(h -> h.layer() + 1).max().orElse(0);
    return enough("layers", needed, settings.placement().layers());
  }

  int heads() {
    int needed = drafts.keySet().stream().mapToInt(h -> h.head() + 1).max().orElse(1);
    return enough("heads per layer", needed, settings.placement().heads());
  }

  private static int enough(String what, int needed, int asked) {
    if (asked != 0 && asked < needed) {
      throw new IllegalArgumentException(
          "the circuit needs %d %s, the settings have %d".formatted(needed, what, asked));
    }
    return Math.max(asked, needed);
  }

  /** Says that what a head reads of positions with an input has no consequence for the output. */
  void idlePositions(Head head, Composition input) {
    idle.add(new Edge(Sender.Embedding.POSITIONS, new Receiver.OfHead(head, input)));
  }

  /** Every pair of a writer and a reader of the same dimensions, in the model's order. */
  List<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    drafts.forEach(
        (head, draft) -> {
          for (Composition input : Composition.values()) {
            Receiver to = new Receiver.OfHead(head, input);
            if (reads(draft, input, stream.token())) {
              edges.add(new Edge(Sender.Embedding.TOKENS, to));
            }
            if (readsPositions(draft, input)) {
              edges.add(new Edge(Sender.Embedding.POSITIONS, to));
            }
            for (Subspace slot : slots) {
              if (reads(draft, input, slot)) {
                writers(slot, head.layer()).forEach(w -> edges.add(new Edge(w, to)));
              }
            }
          }
        });
    writers(stream.output(), layers()).forEach(w -> edges.add(new Edge(w, Receiver.Output.LOGITS)));
    edges.removeAll(idle);
    return edges;
  }

  private List<Sender> writers(Subspace to, int beforeLayer) {
    return drafts.entrySet().stream()
        .filter(e -> e.getKey().layer() < beforeLayer && e.getValue().writesTo(to))
        .map(e -> (Sender) new Sender.OfHead(e.getKey()))
        .toList();
  }

  private boolean readsPositions(HeadDraft draft, Composition input) {
    return reads(draft, input, stream.here())
        || reads(draft, input, stream.before())
        || reads(draft, input, stream.first())
        || reads(draft, input, stream.later());
  }

  private static boolean reads(HeadDraft draft, Composition input, Subspace s) {
    return switch (input) {
      case Q -> draft.queries(s);
      case K -> draft.keys(s);
      case V -> draft.values(s);
    };
  }
}
