package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Which part of every example's activation an intervention changes: everything, or what has one
 * index along some axes.
 *
 * <pre>{@code
 * PatchRegion.everywhere().with(PatchAxis.HEAD, 3).with(PatchAxis.POS, 5)   // head 3, pos 5
 * Hooks patch = region.hooks(HookPoint.z(1), clean.cache().get(HookPoint.z(1)));
 * }</pre>
 *
 * @param fixed the index along each axis that has one, from 0; never of {@link PatchAxis#LAYER}
 */
public record PatchRegion(Map<PatchAxis, Integer> fixed) {

  private static final PatchRegion EVERYWHERE = new PatchRegion(Map.of());

  /**
   * Checks and copies the indices.
   *
   * @param fixed the index along each axis that has one, from 0
   * @throws IllegalArgumentException if one is negative, or a layer, which is the hook point's
   */
  public PatchRegion {
    Map<PatchAxis, Integer> copy = new EnumMap<>(PatchAxis.class);
    copy.putAll(fixed);
    if (copy.containsKey(PatchAxis.LAYER)) {
      throw new IllegalArgumentException("a region is within a layer, which the hook point names");
    }
    copy.forEach(
        (axis, index) -> {
          if (index < 0) {
            throw new IllegalArgumentException(
                "%s is counted from 0, was %d".formatted(axis.label(), index));
          }
        });
    fixed = Collections.unmodifiableMap(copy);
  }

  /**
   * The whole activation.
   *
   * @return the region
   */
  public static PatchRegion everywhere() {
    return EVERYWHERE;
  }

  /**
   * What of this region has an index along an axis.
   *
   * @param axis not {@link PatchAxis#LAYER}
   * @param index from 0
   * @return a smaller region
   * @throws IllegalArgumentException if the axis is the layer or the index negative
   */
  public PatchRegion with(PatchAxis axis, int index) {
    Map<PatchAxis, Integer> more = new EnumMap<>(PatchAxis.class);
    more.putAll(fixed);
    more.put(axis, index);
    return new PatchRegion(more);
  }

  /**
   * Puts the values of another run in place of this region's (activation patching). No gradient
   * passes there.
   *
   * @param point where
   * @param source the other run's activation; read at each run, never modified
   * @return hooks for runs on batches of the same shape
   * @throws IllegalArgumentException if the point has no such axis
   */
  public Hooks hooks(HookPoint point, INDArray source) {
    requireAxes(point);
    float[] values = FlatFloats.copy(source);
    int width = Math.toIntExact(source.length() / source.size(0));
    return Hooks.at(
        point,
        new RegionHook(
            this,
            Optional.of(source.shape()),
            (activation, example, at, n) ->
                activation.put(example * width + at, values, example * width + at, n)));
  }

  OptionalInt index(PatchAxis axis) {
    Integer index = fixed.get(axis);
    return index == null ? OptionalInt.empty() : OptionalInt.of(index);
  }

  void requireAxes(HookPoint point) {
    for (PatchAxis axis : fixed.keySet()) {
      if (axis.of(point.site()) < 0) {
        throw new IllegalArgumentException(
            "%s has no axis %s; it has %s".formatted(point, axis.label(), point.axes()));
      }
    }
  }

  /** Visits the region of one example as runs of neighbouring elements. */
  void forEachRun(HookPoint point, long[] shape, RunVisitor visitor) {
    int[] chosen = new int[shape.length];
    Arrays.fill(chosen, -1);
    fixed.forEach(
        (axis, index) -> {
          int at = axis.of(point.site());
          if (index >= shape[at]) {
            throw new IllegalArgumentException(
                "no %s %d at %s: it has %d".formatted(axis.label(), index, point, shape[at]));
          }
          chosen[at] = index;
        });
    int tail = shape.length;
    int run = 1;
    while (tail > 1 && chosen[tail - 1] < 0) {
      tail--;
      run *= (int) shape[tail];
    }
    visit(shape, chosen, 1, tail, 0, run, visitor);
  }

  private static void visit(
      long[] shape, int[] chosen, int axis, int tail, int at, int run, RunVisitor visitor) {
    if (axis == tail) {
      visitor.visit(at * run, run);
      return;
    }
    int first = Math.max(0, chosen[axis]);
    int end = chosen[axis] < 0 ? (int) shape[axis] : first + 1;
    for (int i = first; i < end; i++) {
      visit(shape, chosen, axis + 1, tail, at * (int) shape[axis] + i, run, visitor);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    fixed.forEach((axis, i) -> text.append(axis.label()).append(' ').append(i).append(' '));
    return text.isEmpty() ? "everywhere" : text.toString().strip();
  }

  /** Sees a run of neighbouring elements. */
  @FunctionalInterface
  interface RunVisitor {
    void visit(int at, int n);
  }
}
