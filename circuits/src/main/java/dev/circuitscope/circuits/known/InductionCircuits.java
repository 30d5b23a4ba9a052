package dev.circuitscope.circuits.known;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Positions;

/** Three ways to attend to what followed the earlier occurrence of the current token. */
final class InductionCircuits {

  static final String BY_KEYS = "induction";
  static final String BY_QUERIES = "pointer-induction";
  static final String BY_SMEARED_KEYS = "smeared-induction";

  private InductionCircuits() {}

  static KnownModel byKeys(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Subspace tokenBefore = plan.slot(s.token().width());
    Head previous =
        plan.place(
            HeadDrafts.previousToken(Role.PREVIOUS_TOKEN, s).move(s.token(), tokenBefore, 1), 0);
    Head induction =
        plan.place(
            HeadDrafts.induction(s, tokenBefore).move(s.token(), s.output(), 1),
            previous.layer() + 1);
    return expectInduction(new Assembly(plan), induction)
        .expect(Measure.PREVIOUS_TOKEN, previous, 1)
        .build(BY_KEYS);
  }

  static KnownModel byQueries(KnownSettings settings) {
    if (settings.positions() != Positions.STANDARD) {
      throw new IllegalArgumentException(
          "pointer induction moves positions, so they must be in the stream: Positions.STANDARD,"
              + " not "
              + settings.positions());
    }
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Subspace pointer = plan.slot(s.here().width());
    Head duplicate =
        plan.place(
            HeadDrafts.duplicateToken(Role.DUPLICATE_TOKEN, s)
                .move(HeadDrafts.pointer(s, pointer), 1),
            0);
    Head induction =
        plan.place(
            HeadDrafts.pointerInduction(s, pointer).move(s.token(), s.output(), 1),
            duplicate.layer() + 1);
    // Positions keep the duplicate-token head off its own position. Attention there would point to
    // the position after it, which causal attention does not see.
    plan.idlePositions(duplicate, Composition.Q);
    plan.idlePositions(duplicate, Composition.K);
    return expectInduction(new Assembly(plan), induction)
        .expect(Measure.DUPLICATE_TOKEN, duplicate, 1)
        .build(BY_QUERIES);
  }

  static KnownModel bySmearedKeys(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Head induction = plan.place(HeadDrafts.smearedInduction(s).move(s.token(), s.output(), 1), 0);
    return expectInduction(new Assembly(plan), induction).build(BY_SMEARED_KEYS);
  }

  private static Assembly expectInduction(Assembly assembly, Head induction) {
    return assembly
        .expect(Measure.INDUCTION, induction, 1)
        .expect(Measure.PREFIX_MATCHING, induction, 1)
        .expect(Measure.OV_COPYING, induction, 1);
  }
}
