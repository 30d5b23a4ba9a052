package dev.circuitscope.core.hook;

import dev.circuitscope.core.array.FlatFloats;
import java.lang.ref.Reference;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Which hooks a run applies where: a value, handed to one call and gone with it. Nothing is
 * registered on a model.
 *
 * <pre>{@code
 * var ablated = model.run(tokens, Hooks.zeroHead(1, 4));
 * var steered = model.run(tokens, Hooks.at(HookPoint.residPre(1), (x, at) -> x.add(v)));
 * var both    = model.run(tokens, Hooks.zeroHead(1, 4).and(Hooks.zeroHead(0, 2)));
 * }</pre>
 */
public final class Hooks {

  private static final Hooks NONE = new Hooks(Map.of());

  private final Map<HookPoint, List<Hook>> byPoint;

  private Hooks(Map<HookPoint, List<Hook>> byPoint) {
    this.byPoint = byPoint;
  }

  /**
   * No hooks.
   *
   * @return hooks that do nothing
   */
  public static Hooks none() {
    return NONE;
  }

  /**
   * One hook at one point. A model that has no such point refuses the run, with the list of points
   * that it has.
   *
   * @param point where
   * @param hook what to do there
   * @return the hooks
   */
  public static Hooks at(HookPoint point, Hook hook) {
    return new Hooks(Map.of(point, List.of(hook)));
  }

  /**
   * One hook at one point given by TransformerLens's name or shorthand.
   *
   * @param name see {@link HookPoint#parse}
   * @param hook what to do there
   * @return the hooks
   */
  public static Hooks at(String name, Hook hook) {
    return at(HookPoint.parse(name), hook);
  }

  /**
   * Looks at an activation without changing it, see {@link Hook#reading}.
   *
   * @param point where
   * @param reader gets the activation, valid only during the call, and the point
   * @return the hooks
   */
  public static Hooks read(HookPoint point, BiConsumer<INDArray, HookPoint> reader) {
    return at(point, Hook.reading(reader));
  }

  /**
   * Puts a fixed value in place of an activation (activation patching).
   *
   * @param point where
   * @param value of the activation's shape
   * @return the hooks
   */
  public static Hooks replace(HookPoint point, INDArray value) {
    return at(point, Hook.replaceWith(value));
  }

  /**
   * Zeroes one head's output: its slice of {@code hook_z}, at every position.
   *
   * @param head of the model
   * @return the hooks
   */
  public static Hooks zeroHead(Head head) {
    return zeroHead(head.layer(), head.head());
  }

  /**
   * Zeroes one head's output: its slice of {@code hook_z}, at every position.
   *
   * @param layer the block, from 0
   * @param head the head, from 0
   * @return the hooks
   */
  public static Hooks zeroHead(int layer, int head) {
    if (head < 0) {
      throw new IllegalArgumentException("head must be at least 0, was " + head);
    }
    return at(
        HookPoint.z(layer),
        Hook.symmetric(
            (z, at) -> {
              if (head >= z.size(2)) {
                throw new IllegalArgumentException(
                    "cannot zero head " + head + " at " + at + ": it has " + z.size(2) + " heads");
              }
              zero(z, head);
              return z;
            }));
  }

  /** Zeroes a head of [batch, pos, head, d_head]. */
  private static void zero(INDArray z, int head) {
    int width = (int) z.size(3);
    int row = (int) z.size(2) * width;
    if (!FlatFloats.plain(z)) {
      z.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(head), NDArrayIndex.all())
          .assign(0);
      return;
    }
    // assigning to such a part of an array takes ND4J as long as a small layer takes the engine
    FloatBuffer buffer = FlatFloats.own(z);
    float[] zeros = new float[width];
    for (int at = head * width; at < z.length(); at += row) {
      buffer.put(at, zeros);
    }
    Reference.reachabilityFence(z);
  }

  /**
   * These hooks and others; at a point that both have, these come first.
   *
   * @param others the other hooks
   * @return both
   */
  public Hooks and(Hooks others) {
    if (byPoint.isEmpty()) {
      return others;
    }
    Map<HookPoint, List<Hook>> both = new LinkedHashMap<>(byPoint);
    others.byPoint.forEach(
        (point, hooks) ->
            both.merge(
                point,
                hooks,
                (mine, theirs) -> {
                  List<Hook> all = new ArrayList<>(mine);
                  all.addAll(theirs);
                  return List.copyOf(all);
                }));
    return new Hooks(both);
  }

  /**
   * The points that have a hook.
   *
   * @return the points
   */
  public Set<HookPoint> points() {
    return byPoint.keySet();
  }

  /**
   * The hooks at a point.
   *
   * @param point where
   * @return in the order in which they apply forward; backward it is the reverse
   */
  public List<Hook> of(HookPoint point) {
    return byPoint.getOrDefault(point, List.of());
  }

  @Override
  public String toString() {
    return "Hooks" + byPoint.keySet();
  }
}
