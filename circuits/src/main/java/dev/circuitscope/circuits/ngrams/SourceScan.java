package dev.circuitscope.circuits.ngrams;

import dev.circuitscope.core.array.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Branch and bound over the sources of a head: which of them have the strongest skip-trigrams.
 *
 * <p>No preference for a source exceeds the length of its key times that of the longest query, and
 * likewise for effects. Sources are taken in the order of the strength of these two bounds; of a
 * block of them the true largest preferences are computed, then, for those that can still be among
 * the best, the true largest effects. When the bounds fall below the worst of the best, the rest is
 * left out.
 */
final class SourceScan {

  /** Sources in a block: one task. */
  private static final int BLOCK = 128;

  /** Blocks between two updates of the threshold; fixed, so that threads do not matter. */
  private static final int WAVE = 8;

  /** Room for rounding: a bound may be rounded down, and a product up. */
  private static final double SLACK = 1 + 1e-9;

  private final TrigramStrength strength;
  private final TrigramFilter filter;
  private final Score score;

  /** A source and how it scored. */
  record Found(int source, double score) {

    static final Comparator<Found> BEST_FIRST =
        Comparator.comparingDouble((Found f) -> -f.score).thenComparingInt(Found::source);
  }

  /** What decides between sources; never above the strength of the two largest. */
  @FunctionalInterface
  interface Score {

    /** By the two largest preferences and effects, each the largest first. */
    double of(double[] preferences, double[] effects);
  }

  SourceScan(TrigramStrength strength, TrigramFilter filter, Score score) {
    this.strength = strength;
    this.filter = filter;
    this.score = score;
  }

  /**
   * The best sources of a head.
   *
   * @param circuit of the head
   * @param count how many at most
   * @param least what a score must reach; 0 for any above 0
   */
  List<Found> best(TrigramCircuit circuit, int count, double least) {
    int[] destinations = allowed(circuit.tokens(), filter.destinations());
    int[] outs = allowed(circuit.outTokens(), filter.outs());
    FlatMatrix queries = circuit.queries().select(destinations);
    FlatMatrix unembedded = circuit.outs().select(outs);
    double[][] bounds = bounds(circuit, longest(queries), longest(unembedded));
    int[] sources = sources(circuit, bounds);
    List<Found> best = new ArrayList<>();
    try (RowPeaks preferences = new RowPeaks(queries);
        RowPeaks effects = new RowPeaks(unembedded)) {
      for (int from = 0; from < sources.length; from += WAVE * BLOCK) {
        double threshold = best.size() < count ? least : best.get(count - 1).score;
        if (!reaches(bound(bounds, sources[from]), threshold)) {
          break;
        }
        Wave wave = new Wave(circuit, bounds, outs, preferences, effects, threshold);
        best.addAll(
            wave.run(
                Arrays.copyOfRange(sources, from, Math.min(sources.length, from + WAVE * BLOCK))));
        best.sort(Found.BEST_FIRST);
        best.subList(Math.min(count, best.size()), best.size()).clear();
      }
    }
    return best;
  }

  /** Some blocks with the same threshold. */
  private final class Wave {
    private final TrigramCircuit circuit;
    private final double[][] bounds;
    private final int[] outs;
    private final RowPeaks preferences;
    private final RowPeaks effects;
    private final double threshold;

    Wave(
        TrigramCircuit circuit,
        double[][] bounds,
        int[] outs,
        RowPeaks preferences,
        RowPeaks effects,
        double threshold) {
      this.circuit = circuit;
      this.bounds = bounds;
      this.outs = outs;
      this.preferences = preferences;
      this.effects = effects;
      this.threshold = threshold;
    }

    List<Found> run(int[] sources) {
      int blocks = (sources.length + BLOCK - 1) / BLOCK;
      List<List<Found>> found = new ArrayList<>();
      IntStream.range(0, blocks).forEach(i -> found.add(List.of()));
      Parallel.forEach(
          blocks,
          i ->
              found.set(
                  i,
                  block(
                      Arrays.copyOfRange(
                          sources, i * BLOCK, Math.min(sources.length, (i + 1) * BLOCK)))));
      return found.stream().flatMap(List::stream).toList();
    }

    private List<Found> block(int[] sources) {
      int[] none = new int[sources.length];
      Arrays.fill(none, -1);
      double[][] p = preferences.of(circuit.keys().select(sources), none);
      int[] left =
          IntStream.range(0, sources.length)
              .filter(i -> reaches(strengthOf(p[i][0], bounds[1][sources[i]]), threshold))
              .toArray();
      int[] survivors = Arrays.stream(left).map(i -> sources[i]).toArray();
      double[][] e = effects(survivors);
      List<Found> found = new ArrayList<>();
      for (int i = 0; i < left.length; i++) {
        double value = score.of(p[left[i]], e[i]);
        if (reaches(value, threshold)) {
          found.add(new Found(survivors[i], value));
        }
      }
      return found;
    }

    private double[][] effects(int[] sources) {
      if (filter.copies() == TrigramFilter.Copying.ONLY) {
        return Arrays.stream(sources)
            .mapToObj(a -> new double[] {circuit.effect(a, a), Double.NEGATIVE_INFINITY})
            .toArray(double[][]::new);
      }
      boolean skip = filter.copies() == TrigramFilter.Copying.NEVER;
      int[] skipped =
          Arrays.stream(sources).map(a -> skip ? Arrays.binarySearch(outs, a) : -1).toArray();
      return effects.of(circuit.values().select(sources), skipped);
    }
  }

  /** Upper bounds of each source's preferences and effects. */
  private double[][] bounds(TrigramCircuit circuit, double longestQuery, double longestOut) {
    double[][] bounds = new double[2][circuit.tokens()];
    for (int a = 0; a < circuit.tokens(); a++) {
      bounds[0][a] = circuit.keys().norm(a) * longestQuery;
      boolean copies = filter.copies() == TrigramFilter.Copying.ONLY;
      bounds[1][a] =
          !copies
              ? circuit.values().norm(a) * longestOut
              : a < circuit.outTokens() && filter.outs().test(a) ? circuit.effect(a, a) : 0;
    }
    return bounds;
  }

  /** The sources that can have a strength above 0, the largest bound first. */
  private int[] sources(TrigramCircuit circuit, double[][] bounds) {
    return Arrays.stream(allowed(circuit.tokens(), filter.sources()))
        .filter(a -> bound(bounds, a) > 0)
        .mapToObj(a -> new Found(a, bound(bounds, a)))
        .sorted(Found.BEST_FIRST)
        .mapToInt(Found::source)
        .toArray();
  }

  private double bound(double[][] bounds, int source) {
    return strengthOf(bounds[0][source], bounds[1][source]);
  }

  private double strengthOf(double preference, double effect) {
    return strength.of(preference * SLACK, effect * SLACK);
  }

  private static boolean reaches(double value, double threshold) {
    return value > 0 && value >= threshold;
  }

  private static double longest(FlatMatrix m) {
    return IntStream.range(0, m.rows()).mapToDouble(m::norm).max().orElse(0);
  }

  private static int[] allowed(int size, IntPredicate rule) {
    return IntStream.range(0, size).filter(rule).toArray();
  }
}
