package dev.circuitscope.core.hook;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which activations a run keeps.
 *
 * <pre>{@code
 * model.runWithCache(tokens, Capture.only(HookPoint.pattern(0), HookPoint.pattern(1)), hooks)
 * }</pre>
 */
public final class Capture {

  private static final Capture NOTHING = new Capture(p -> false, Set.of());
  private static final Capture ALL = new Capture(p -> !p.site().onDemand(), Set.of());

  private final Predicate<HookPoint> rule;
  private final Set<HookPoint> named;

  private Capture(Predicate<HookPoint> rule, Set<HookPoint> named) {
    this.rule = rule;
    this.named = named;
  }

  /**
   * Keeps nothing.
   *
   * @return the capture
   */
  public static Capture nothing() {
    return NOTHING;
  }

  /**
   * Keeps every activation except those that are computed only on demand ({@link Site#onDemand}).
   *
   * @return the capture
   */
  public static Capture all() {
    return ALL;
  }

  /**
   * Keeps every activation, those on demand too. With the inputs of queries, keys and values split
   * by head, each head normalises its own copy, so gradients at {@code ln1}'s points are 0.
   *
   * @return the capture
   */
  public static Capture everything() {
    return matching(p -> true);
  }

  /**
   * Keeps these points. A model that lacks one of them refuses the run.
   *
   * @param points what to keep
   * @return the capture
   */
  public static Capture only(HookPoint... points) {
    Set<HookPoint> set = Set.copyOf(Arrays.asList(points));
    return new Capture(set::contains, set);
  }

  /**
   * Keeps the points that satisfy a rule.
   *
   * @param rule for example {@code p -> p.site() == Site.PATTERN}
   * @return the capture
   */
  public static Capture matching(Predicate<HookPoint> rule) {
    return new Capture(rule, Set.of());
  }

  /**
   * Whether a run keeps this point.
   *
   * @param point the point
   * @return true if it does
   */
  public boolean keeps(HookPoint point) {
    return rule.test(point);
  }

  /**
   * The points that were named one by one, which the model must have.
   *
   * @return possibly none
   */
  public Set<HookPoint> named() {
    return named;
  }
}
