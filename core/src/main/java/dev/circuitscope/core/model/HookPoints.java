package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The hook points that a run asks for, checked against those that it has. */
final class HookPoints {

  private HookPoints() {}

  /**
   * Refuses hooks and captures at points that do not exist.
   *
   * @param owner what has the points: {@code the model}
   * @param existing the points that there are, looked at only if any are named
   */
  static void require(
      String owner, Supplier<List<HookPoint>> existing, Capture capture, Hooks hooks) {
    if (hooks.points().isEmpty() && capture.named().isEmpty()) {
      return;
    }
    Set<HookPoint> asked = new LinkedHashSet<>(hooks.points());
    asked.addAll(capture.named());
    List<HookPoint> points = existing.get();
    List<HookPoint> missing = new ArrayList<>(asked);
    missing.removeAll(points);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          owner + " has no hook point " + missing + "; it has " + points);
    }
  }
}
