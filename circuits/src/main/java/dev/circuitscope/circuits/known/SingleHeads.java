package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;

/** Circuits of one head that moves tokens to the output. */
final class SingleHeads {

  static final String PREVIOUS_TOKEN = "previous-token";
  static final String DUPLICATE_TOKEN = "duplicate-token";
  static final String COPYING = "copying";
  static final String ANTI_COPYING = "anti-copying";
  static final String UNIFORM = "uniform";
  static final String ZERO = "zero";

  private SingleHeads() {}

  static KnownModel previousToken(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Head head =
        plan.place(
            HeadDrafts.previousToken(Role.PREVIOUS_TOKEN, s).move(s.token(), s.output(), 1), 0);
    return new Assembly(plan)
        .expect(Measure.PREVIOUS_TOKEN, head, 1)
        .expect(Measure.OV_COPYING, head, 1)
        .expectIfExact(Measure.COPYING, head, 1)
        .build(PREVIOUS_TOKEN);
  }

  static KnownModel duplicateToken(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Head head =
        plan.place(
            HeadDrafts.duplicateToken(Role.DUPLICATE_TOKEN, s).move(s.token(), s.output(), 1), 0);
    return new Assembly(plan)
        .expect(Measure.DUPLICATE_TOKEN, head, 1)
        .expect(Measure.OV_COPYING, head, 1)
        .build(DUPLICATE_TOKEN);
  }

  static KnownModel copying(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Head head =
        plan.place(HeadDrafts.ownPosition(Role.COPYING, s).move(s.token(), s.output(), 1), 0);
    return new Assembly(plan)
        .expect(Measure.OV_COPYING, head, 1)
        .expectIfExact(Measure.COPYING, head, 1)
        .build(COPYING);
  }

  static KnownModel antiCopying(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Head head =
        plan.place(HeadDrafts.ownPosition(Role.ANTI_COPYING, s).move(s.token(), s.output(), -1), 0);
    return new Assembly(plan)
        .expect(Measure.OV_COPYING, head, -1)
        .expect(Measure.COPYING, head, -1)
        .build(ANTI_COPYING);
  }

  static KnownModel uniform(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Stream s = plan.stream();
    Head head = plan.place(new HeadDraft(Role.UNIFORM).move(s.token(), s.output(), 1), 0);
    return new Assembly(plan).expect(Measure.OV_COPYING, head, 1).build(UNIFORM);
  }

  static KnownModel zero(KnownSettings settings) {
    Blueprint plan = new Blueprint(settings);
    Head head = plan.place(new HeadDraft(Role.ZERO), 0);
    return new Assembly(plan)
        .expect(Measure.OV_COPYING, head, 0)
        .expect(Measure.COPYING, head, -1)
        .build(ZERO);
  }
}
