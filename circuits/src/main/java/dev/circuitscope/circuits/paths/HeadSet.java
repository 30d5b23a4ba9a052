package dev.circuitscope.circuits.paths;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.TransformerConfig;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Some heads with a name.
 *
 * @param name for tables
 * @param heads which
 */
public record HeadSet(String name, Set<Head> heads) {

  /**
   * Copies the heads.
   *
   * @param name for tables
   * @param heads which
   */
  public HeadSet {
    heads = Collections.unmodifiableSet(new TreeSet<>(heads));
  }

  /**
   * Chosen heads.
   *
   * @param name for tables
   * @param heads which
   * @return the set
   */
  public static HeadSet of(String name, Head... heads) {
    return new HeadSet(name, new TreeSet<>(Arrays.asList(heads)));
  }

  /**
   * All heads of some layers.
   *
   * @param model their shape
   * @param from the first layer
   * @param end the layer after the last
   * @return the set, named {@code layer 0} or {@code layers 0-1}
   * @throws IllegalArgumentException if the model has no such layers or there is none
   */
  public static HeadSet layers(TransformerConfig model, int from, int end) {
    if (from < 0 || end > model.nLayers() || from >= end) {
      throw new IllegalArgumentException(
          "no layers %d to before %d: the model has %d".formatted(from, end, model.nLayers()));
    }
    Set<Head> heads = new TreeSet<>();
    for (int layer = from; layer < end; layer++) {
      for (int head = 0; head < model.nHeads(); head++) {
        heads.add(new Head(layer, head));
      }
    }
    String name = end - from == 1 ? "layer " + from : "layers %d-%d".formatted(from, end - 1);
    return new HeadSet(name, heads);
  }

  /**
   * The first layer, the first two, and so on to all but the last: what is added to what when
   * layers are added one after the other.
   *
   * @param model its shape
   * @return one set fewer than it has layers
   */
  public static List<HeadSet> growing(TransformerConfig model) {
    List<HeadSet> sets = new ArrayList<>();
    for (int end = 1; end < model.nLayers(); end++) {
      sets.add(layers(model, 0, end));
    }
    return sets;
  }

  /**
   * How many paths there are through heads of this set alone.
   *
   * @param order heads on a path, from 0
   * @return the number of ways to take them from different layers
   */
  public BigInteger paths(int order) {
    // elementary symmetric polynomial of the numbers of heads in each layer
    BigInteger[] counts = new BigInteger[order + 1];
    Arrays.fill(counts, BigInteger.ZERO);
    counts[0] = BigInteger.ONE;
    heads.stream()
        .mapToInt(Head::layer)
        .distinct()
        .forEach(
            layer -> {
              long width = heads.stream().filter(head -> head.layer() == layer).count();
              for (int k = order; k > 0; k--) {
                counts[k] = counts[k].add(counts[k - 1].multiply(BigInteger.valueOf(width)));
              }
            });
    return counts[order];
  }
}
