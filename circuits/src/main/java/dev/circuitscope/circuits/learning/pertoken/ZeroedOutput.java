package dev.circuitscope.circuits.learning.pertoken;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.Hooks;
import java.util.Optional;
import java.util.function.Function;

/**
 * An ablation that makes a head's output zero, and else does something in later layers alone.
 *
 * @param later hooks of the layers behind a head's
 * @param release frees what was kept of the batch
 */
record ZeroedOutput(Function<Head, Hooks> later, Runnable release) implements HeadAblation.OfBatch {

  @Override
  public Hooks without(Head head) {
    return Hooks.zeroHead(head).and(later.apply(head));
  }

  @Override
  public Optional<Hooks> behind(Head head) {
    return Optional.of(later.apply(head));
  }

  @Override
  public void close() {
    release.run();
  }
}
