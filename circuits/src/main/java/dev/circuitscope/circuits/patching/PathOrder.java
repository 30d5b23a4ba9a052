package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.model.TransformerConfig;

/** What comes before what in a model: a sender reaches receivers of a greater order. */
record PathOrder(boolean parallelMlps) {

  static PathOrder of(TransformerConfig config) {
    return new PathOrder(config.mlp().isPresent() && config.mlp().get().parallel());
  }

  boolean reaches(PathSender sender, PathReceiver receiver) {
    return of(sender) < receiver.writes().map(this::of).orElse(Integer.MAX_VALUE);
  }

  private int of(PathSender sender) {
    if (sender instanceof PathSender.OfHead head) {
      return 2 * head.head().layer() + 1;
    }
    if (sender instanceof PathSender.OfMlp mlp) {
      return 2 * mlp.layer() + (parallelMlps ? 1 : 2);
    }
    return 0;
  }
}
