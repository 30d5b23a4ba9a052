package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.hook.HookPoint;

/**
 * Steps over the blocks of rows, with hook points between them. Steps follow each other block by
 * block, while the block is in the cache; only where a point has a hook are they done for all
 * blocks before the next one starts. {@link #plan} puts them into the tape's plan.
 */
final class Phases {

  private final Tape tape;
  private Rows.Body pending;

  Phases(Tape tape) {
    this.tape = tape;
  }

  /** Adds a step. */
  Phases then(Rows.Body step) {
    Rows.Body before = pending;
    pending =
        before == null
            ? step
            : (first, n) -> {
              before.accept(first, n);
              step.accept(first, n);
            };
    return this;
  }

  /** Adds a step that goes through rows of a width in tiles that stay in the cache. */
  Phases thenInTiles(int width, Rows.Body step) {
    return then((first, n) -> Rows.inTiles(first, n, width, step));
  }

  /**
   * The values at a point are those of another: the same block, or a copy if a hook may change it.
   */
  FloatBlock share(HookPoint point, FloatBlock source) {
    if (tape.hooked(point)) {
      plan();
    }
    return tape.share(point, source);
  }

  /** Adds a step that copies rows. */
  Phases copy(FloatBlock from, FloatBlock to) {
    int width = from.length() / tape.rows().count();
    return then((first, n) -> to.copy(first * width, from, first * width, n * width));
  }

  /** Adds a step with out = a + b. */
  Phases sum(FloatBlock a, FloatBlock b, FloatBlock out) {
    int width = out.length() / tape.rows().count();
    return then((first, n) -> Elementwise.sum(width, a, b, out, first, n));
  }

  /** A point whose block the steps so far fill. */
  Phases reached(HookPoint point) {
    if (tape.hooked(point)) {
      plan();
    }
    tape.reached(point);
    return this;
  }

  /** Ends this sequence of steps; the tape's plan has them now. */
  void plan() {
    if (pending != null) {
      Rows.Body body = pending;
      pending = null;
      tape.forEach(body);
    }
  }
}
