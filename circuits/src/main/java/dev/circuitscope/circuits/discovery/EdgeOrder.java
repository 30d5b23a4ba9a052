package dev.circuitscope.circuits.discovery;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * In which order edges into one receiver are tried. What is tried first is removed more easily: of
 * two edges that can replace each other, the later one stays.
 *
 * @param kind of order
 * @param seed decides a shuffled order
 */
public record EdgeOrder(Kind kind, long seed) {

  /** Kinds of orders. */
  public enum Kind {
    /** Embeddings first. */
    EARLIEST_FIRST,
    /** Embeddings last. */
    LATEST_FIRST,
    /** At random. */
    SHUFFLED
  }

  /**
   * Senders in computational order.
   *
   * @return embeddings first
   */
  public static EdgeOrder earliestFirst() {
    return new EdgeOrder(Kind.EARLIEST_FIRST, 0);
  }

  /**
   * Senders against computational order.
   *
   * @return embeddings last
   */
  public static EdgeOrder latestFirst() {
    return new EdgeOrder(Kind.LATEST_FIRST, 0);
  }

  /**
   * Senders at random.
   *
   * @param seed decides, for each receiver anew
   * @return a shuffled order
   */
  public static EdgeOrder shuffled(long seed) {
    return new EdgeOrder(Kind.SHUFFLED, seed);
  }

  /** Orders what is in computational order; {@code salt} tells receivers apart. */
  <T> List<T> of(List<T> items, int salt) {
    List<T> ordered = new ArrayList<>(items);
    if (kind == Kind.LATEST_FIRST) {
      Collections.reverse(ordered);
    } else if (kind == Kind.SHUFFLED) {
      SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() + salt);
      for (int i = ordered.size() - 1; i > 0; i--) {
        Collections.swap(ordered, i, random.nextInt(i + 1));
      }
    }
    return ordered;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case EARLIEST_FIRST -> "earliest first";
      case LATEST_FIRST -> "latest first";
      case SHUFFLED -> "shuffled (seed " + seed + ")";
    };
  }
}
