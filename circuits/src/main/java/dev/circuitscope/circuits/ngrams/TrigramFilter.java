package dev.circuitscope.circuits.ngrams;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * Which skip-trigrams a search is for.
 *
 * <pre>{@code
 * TrigramFilter.any().copying();                          // source ... destination -> source
 * TrigramFilter.any().notCopying().withSources(keep, pull);
 * TrigramFilter.any().sources(t -> t != startToken);
 * }</pre>
 *
 * @param name short, for results
 * @param sources which may be attended to
 * @param destinations which may attend
 * @param outs which may be raised
 * @param copies whether source and out are to be the same token
 */
public record TrigramFilter(
    String name,
    IntPredicate sources,
    IntPredicate destinations,
    IntPredicate outs,
    Copying copies) {

  /** Whether source and out are the same token. */
  public enum Copying {
    /** Or not. */
    EITHER,
    /** Always. */
    ONLY,
    /** Never. */
    NEVER
  }

  private static final TrigramFilter ANY =
      new TrigramFilter("all", t -> true, t -> true, t -> true, Copying.EITHER);

  /**
   * Checks that nothing is missing.
   *
   * @param name short, for results
   * @param sources which may be attended to
   * @param destinations which may attend
   * @param outs which may be raised
   * @param copies whether source and out are to be the same token
   */
  public TrigramFilter {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sources, "sources");
    Objects.requireNonNull(destinations, "destinations");
    Objects.requireNonNull(outs, "outs");
    Objects.requireNonNull(copies, "copies");
  }

  /**
   * All skip-trigrams.
   *
   * @return the filter to start from
   */
  public static TrigramFilter any() {
    return ANY;
  }

  /**
   * Only those that raise the token attended to.
   *
   * @return a new filter
   */
  public TrigramFilter copying() {
    return new TrigramFilter(add("copying"), sources, destinations, outs, Copying.ONLY);
  }

  /**
   * Only those that raise another token than the one attended to.
   *
   * @return a new filter
   */
  public TrigramFilter notCopying() {
    return new TrigramFilter(add("not copying"), sources, destinations, outs, Copying.NEVER);
  }

  /**
   * Only sources that satisfy this rule as well.
   *
   * @param rule which may be attended to
   * @return a new filter
   */
  public TrigramFilter sources(IntPredicate rule) {
    return new TrigramFilter(add("some sources"), sources.and(rule), destinations, outs, copies);
  }

  /**
   * Only destinations that satisfy this rule as well.
   *
   * @param rule which may attend
   * @return a new filter
   */
  public TrigramFilter destinations(IntPredicate rule) {
    return new TrigramFilter(
        add("some destinations"), sources, destinations.and(rule), outs, copies);
  }

  /**
   * Only outs that satisfy this rule as well.
   *
   * @param rule which may be raised
   * @return a new filter
   */
  public TrigramFilter outs(IntPredicate rule) {
    return new TrigramFilter(add("some outs"), sources, destinations, outs.and(rule), copies);
  }

  /**
   * Only these sources.
   *
   * @param tokens which may be attended to
   * @return a new filter
   */
  public TrigramFilter withSources(int... tokens) {
    return sources(among(tokens));
  }

  /**
   * Only these destinations.
   *
   * @param tokens which may attend
   * @return a new filter
   */
  public TrigramFilter withDestinations(int... tokens) {
    return destinations(among(tokens));
  }

  /**
   * Only these outs.
   *
   * @param tokens which may be raised
   * @return a new filter
   */
  public TrigramFilter withOuts(int... tokens) {
    return outs(among(tokens));
  }

  /**
   * Whether a skip-trigram is wanted.
   *
   * @param source token that is attended to
   * @param destination token that attends
   * @param out token that is raised
   * @return whether it passes every rule
   */
  public boolean accepts(int source, int destination, int out) {
    return sources.test(source) && destinations.test(destination) && acceptsOut(source, out);
  }

  boolean acceptsOut(int source, int out) {
    boolean copied =
        switch (copies) {
          case EITHER -> true;
          case ONLY -> source == out;
          case NEVER -> source != out;
        };
    return copied && outs.test(out);
  }

  private String add(String rule) {
    return this == ANY ? rule : name + ", " + rule;
  }

  private static IntPredicate among(int[] tokens) {
    int[] sorted = tokens.clone();
    Arrays.sort(sorted);
    return token -> Arrays.binarySearch(sorted, token) >= 0;
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
