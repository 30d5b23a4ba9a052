package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A way through a model: the heads that information passes, one after the other, between the
 * sources of the residual stream and where it is read. Each head is in a later layer than the one
 * before it. Prints as {@code direct}, {@code L0H3} or {@code L0H3 -> L1H2}.
 *
 * <p>A path through two heads or more is a virtual head (A Mathematical Framework for Transformer
 * Circuits, section "Virtual Attention Heads").
 *
 * @param heads in the order in which information passes them; none for the direct path
 */
public record HeadPath(List<Head> heads) {

  /** From the sources straight to the reader. */
  public static final HeadPath DIRECT = new HeadPath(List.of());

  /**
   * Checks the order of layers.
   *
   * @param heads in the order in which information passes them; none for the direct path
   * @throws IllegalArgumentException if a head is not in a later layer than the one before it
   */
  public HeadPath {
    heads = List.copyOf(heads);
    for (int i = 1; i < heads.size(); i++) {
      if (heads.get(i).layer() <= heads.get(i - 1).layer()) {
        throw new IllegalArgumentException(
            "a path goes through later and later layers; %s cannot follow %s"
                .formatted(heads.get(i), heads.get(i - 1)));
      }
    }
  }

  /**
   * A path through some heads.
   *
   * @param heads in the order in which information passes them
   * @return the path
   * @throws IllegalArgumentException if a head is not in a later layer than the one before it
   */
  public static HeadPath of(Head... heads) {
    return new HeadPath(List.of(heads));
  }

  /**
   * How many heads there are on the way: 0 for the direct path, 1 for a head, 2 and more for
   * virtual heads.
   *
   * @return from 0
   */
  public int order() {
    return heads.size();
  }

  /**
   * This path, then one more head.
   *
   * @param next in a later layer
   * @return a new path
   * @throws IllegalArgumentException if the head is not in a later layer than the last one
   */
  public HeadPath then(Head next) {
    List<Head> longer = new ArrayList<>(heads);
    longer.add(next);
    return new HeadPath(longer);
  }

  /**
   * A head, then this path.
   *
   * @param before in an earlier layer
   * @return a new path
   * @throws IllegalArgumentException if the head is not in an earlier layer than the first one
   */
  public HeadPath after(Head before) {
    List<Head> longer = new ArrayList<>();
    longer.add(before);
    longer.addAll(heads);
    return new HeadPath(longer);
  }

  @Override
  public String toString() {
    return heads.isEmpty()
        ? "direct"
        : heads.stream().map(Head::toString).collect(Collectors.joining(" -> "));
  }
}
