package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.text.Phrase;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How often phrases with a gap occur in text: the destination is followed at once by the out, and
 * the source stands anywhere before the destination in the same sequence.
 */
public final class SkipTrigramCounts {

  private final Map<Phrase, Long> counts;

  private SkipTrigramCounts(Map<Phrase, Long> counts) {
    this.counts = counts;
  }

  /**
   * Counts phrases.
   *
   * @param text [sequence, pos]; not modified
   * @param phrases to look for
   * @return their counts
   */
  public static SkipTrigramCounts of(int[][] text, Collection<Phrase> phrases) {
    Map<Phrase, Long> counts = new HashMap<>();
    // (destination, out) -> the sources asked for with them
    Map<Long, Set<Integer>> sources = new HashMap<>();
    Set<Integer> watched = new HashSet<>();
    for (Phrase p : phrases) {
      counts.put(p, 0L);
      sources.computeIfAbsent(pair(p.destination(), p.out()), k -> new HashSet<>()).add(p.source());
      watched.add(p.source());
    }
    for (int[] sequence : text) {
      Set<Integer> seen = new HashSet<>();
      for (int t = 0; t + 1 < sequence.length; t++) {
        for (int source : sources.getOrDefault(pair(sequence[t], sequence[t + 1]), Set.of())) {
          if (seen.contains(source)) {
            counts.merge(new Phrase(source, sequence[t], sequence[t + 1]), 1L, Long::sum);
          }
        }
        if (watched.contains(sequence[t])) {
          seen.add(sequence[t]);
        }
      }
    }
    return new SkipTrigramCounts(counts);
  }

  /**
   * How often a phrase occurs.
   *
   * @param phrase one of those asked for
   * @return number of places
   * @throws IllegalArgumentException if it was not asked for
   */
  public long count(Phrase phrase) {
    Long count = counts.get(phrase);
    if (count == null) {
      throw new IllegalArgumentException(
          "phrase %s was not counted; ask for it with the others".formatted(phrase));
    }
    return count;
  }

  private static long pair(int destination, int out) {
    return (long) destination << 32 | out;
  }

  /** How many phrases were looked for. */
  @Override
  public String toString() {
    return "counts of %d phrases".formatted(counts.size());
  }
}
