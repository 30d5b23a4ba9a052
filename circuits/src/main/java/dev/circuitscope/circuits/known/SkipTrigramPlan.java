package dev.circuitscope.circuits.known;

import dev.circuitscope.core.text.Phrase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Shares skip-trigrams out among heads so that each head has exactly its own. What a head moves
 * depends on the source alone, so a source whose destinations have different outs needs several
 * heads; one would predict each out after each destination.
 */
final class SkipTrigramPlan {

  private SkipTrigramPlan() {}

  /** The skip-trigrams of one head: every destination of a source has all outs of the source. */
  static final class Share {

    private final int[] marked;
    private final Map<Integer, Set<Integer>> destinations = new TreeMap<>();
    private final Map<Integer, Set<Integer>> outs = new TreeMap<>();

    Share(int[] marked) {
      this.marked = marked;
    }

    Set<Integer> sources() {
      return outs.keySet();
    }

    Set<Integer> destinations(int source) {
      return destinations.get(source);
    }

    Set<Integer> outs(int source) {
      return outs.get(source);
    }

    /** The unit vector of a marked token. */
    Direction token(Stream s, Subspace in, int token) {
      return in.unit(Arrays.binarySearch(marked, s.index(token)), 1);
    }

    private boolean take(int source, int destination, Set<Integer> all) {
      if (outs.containsKey(source) && !outs.get(source).equals(all)) {
        return false;
      }
      outs.put(source, all);
      destinations.computeIfAbsent(source, x -> new TreeSet<>()).add(destination);
      return true;
    }
  }

  /** As few heads as possible. */
  static List<Share> shares(List<Phrase> triples, int[] marked) {
    Map<Integer, Map<Integer, Set<Integer>>> bySource = new TreeMap<>();
    for (Phrase t : triples) {
      bySource
          .computeIfAbsent(t.source(), x -> new TreeMap<>())
          .computeIfAbsent(t.destination(), x -> new TreeSet<>())
          .add(t.out());
    }
    List<Share> shares = new ArrayList<>();
    bySource.forEach(
        (source, byDestination) ->
            byDestination.forEach(
                (destination, outs) -> {
                  for (Share share : shares) {
                    if (share.take(source, destination, outs)) {
                      return;
                    }
                  }
                  Share share = new Share(marked);
                  share.take(source, destination, outs);
                  shares.add(share);
                }));
    return shares;
  }
}
