package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;

/** Two previous-token heads in a row, of which the second moves what the first has written. */
final class VirtualHead {

  static final String NAME = "previous-previous-token";

  private VirtualHead() {}

  static KnownModel of(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Subspace tokenBefore = plan.slot(s.token().width());
    Head first =
        plan.place(
            HeadDrafts.previousToken(Role.PREVIOUS_TOKEN, s).move(s.token(), tokenBefore, 1), 0);
    Head second =
        plan.place(
            HeadDrafts.previousToken(Role.RELAY, s).move(tokenBefore, s.output(), 1),
            first.layer() + 1);
    return new Assembly(plan)
        .expect(Measure.PREVIOUS_TOKEN, first, 1)
        .expect(Measure.PREVIOUS_TOKEN, second, 1)
        .build(NAME);
  }
}
