package dev.circuitscope.core.model;

/**
 * Rotary positions: pairs of a query's or key's coordinates are rotated by position / base^(2 i /
 * dim), i the number of the pair, so that scores depend on distances.
 *
 * @param dim how many coordinates of a head are rotated, the first ones; an even number
 * @param base the slowest pair turns by 1 radian in nearly this many positions
 * @param pairing which coordinates make a pair
 */
public record Rotary(int dim, double base, Pairing pairing) {

  /** Which coordinates make a pair. */
  public enum Pairing {
    /** i with i + dim / 2 (GPT-NeoX, HuggingFace's Llama). */
    HALVES,
    /** 2 i with 2 i + 1 (GPT-J, llama2.c, Meta's Llama). */
    ADJACENT
  }

  /**
   * Checks the numbers.
   *
   * @param dim how many coordinates of a head are rotated, an even number
   * @param base the slowest pair turns by 1 radian in nearly this many positions
   * @param pairing which coordinates make a pair
   */
  public Rotary {
    if (dim < 2 || dim % 2 != 0) {
      throw new IllegalArgumentException("rotary_dim must be even and at least 2, was " + dim);
    }
    if (!(base > 0 && base < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rotary_base must be a number over 0, was " + base);
    }
  }

  /**
   * The usual kind: half-split pairs, base 10,000.
   *
   * @param dim how many coordinates of a head are rotated
   * @return the positions
   */
  public static Rotary of(int dim) {
    return new Rotary(dim, 10_000, Pairing.HALVES);
  }
}
