package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Parts of a model to ablate: heads (their slices of {@code hook_z}) and neurons (columns of {@code
 * mlp.hook_post}), at all positions or at some.
 *
 * <pre>{@code
 * Units.heads(new Head(1, 4), new Head(1, 6))
 * Units.heads(new Head(0, 2)).atPositions(5, 6).and(Units.neurons(0, 17, 99))
 * }</pre>
 */
public final class Units {

  private final Map<HookPoint, Set<PatchRegion>> regions;

  private Units(Map<HookPoint, Set<PatchRegion>> regions) {
    this.regions = Collections.unmodifiableMap(regions);
  }

  /**
   * Heads at all positions.
   *
   * @param heads at least one
   * @return the units
   * @throws IllegalArgumentException if there is none
   */
  public static Units heads(Head... heads) {
    return heads(List.of(heads));
  }

  /**
   * Heads at all positions.
   *
   * @param heads at least one
   * @return the units
   * @throws IllegalArgumentException if there is none
   */
  public static Units heads(Collection<Head> heads) {
    if (heads.isEmpty()) {
      throw new IllegalArgumentException("the set of heads is empty; name at least one head");
    }
    Map<HookPoint, Set<PatchRegion>> regions = new LinkedHashMap<>();
    for (Head head : new TreeSet<>(heads)) {
      regions
          .computeIfAbsent(HookPoint.z(head.layer()), p -> new LinkedHashSet<>())
          .add(PatchRegion.everywhere().with(PatchAxis.HEAD, head.head()));
    }
    return new Units(regions);
  }

  /**
   * Neurons of one layer at all positions.
   *
   * @param layer the block, from 0
   * @param neurons at least one, from 0
   * @return the units
   * @throws IllegalArgumentException if there is none or one is negative
   */
  public static Units neurons(int layer, int... neurons) {
    if (neurons.length == 0) {
      throw new IllegalArgumentException("the set of neurons is empty; name at least one neuron");
    }
    Set<PatchRegion> of = new LinkedHashSet<>();
    for (int neuron : neurons) {
      of.add(PatchRegion.everywhere().with(PatchAxis.NEURON, neuron));
    }
    Map<HookPoint, Set<PatchRegion>> regions = new LinkedHashMap<>();
    regions.put(HookPoint.mlpPost(layer), of);
    return new Units(regions);
  }

  /**
   * The same units at some positions only.
   *
   * @param positions at least one, from 0
   * @return new units
   * @throws IllegalArgumentException if there is none or one is negative
   */
  public Units atPositions(int... positions) {
    if (positions.length == 0) {
      throw new IllegalArgumentException("the set of positions is empty; name at least one");
    }
    Map<HookPoint, Set<PatchRegion>> chosen = new LinkedHashMap<>();
    regions.forEach(
        (point, of) ->
            chosen.put(
                point,
                of.stream()
                    .flatMap(
                        region ->
                            Arrays.stream(positions).mapToObj(p -> region.with(PatchAxis.POS, p)))
                    .collect(Collectors.toCollection(LinkedHashSet::new))));
    return new Units(chosen);
  }

  /**
   * These units and others.
   *
   * @param others more units
   * @return both
   */
  public Units and(Units others) {
    Map<HookPoint, Set<PatchRegion>> both = new LinkedHashMap<>();
    regions.forEach((point, of) -> both.put(point, new LinkedHashSet<>(of)));
    others.regions.forEach(
        (point, of) -> both.computeIfAbsent(point, p -> new LinkedHashSet<>()).addAll(of));
    return new Units(both);
  }

  /**
   * Where the units are.
   *
   * @return the regions at each hook point
   */
  public Map<HookPoint, Set<PatchRegion>> regions() {
    return regions;
  }

  /** Heads as {@code L0H3}, neurons as {@code L0N17}, with their position if they have one. */
  @Override
  public String toString() {
    return regions.entrySet().stream()
        .flatMap(e -> e.getValue().stream().map(region -> name(e.getKey(), region)))
        .collect(Collectors.joining(", "));
  }

  private static String name(HookPoint point, PatchRegion region) {
    Map<PatchAxis, Integer> at = region.fixed();
    Integer head = at.get(PatchAxis.HEAD);
    String name = head == null ? "N" + at.get(PatchAxis.NEURON) : "H" + head;
    Integer position = at.get(PatchAxis.POS);
    return "L" + point.layer() + name + (position == null ? "" : " at " + position);
  }
}
