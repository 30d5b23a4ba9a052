package dev.circuitscope.core.array;

/**
 * How far two tensors may be apart: element by element at most {@code absolute + relative * m},
 * where m is the largest finite magnitude in the expected tensor.
 *
 * <p>The relative part is relative to the whole tensor and not to each element, because float32
 * rounds sums at the size of their terms: a gradient that happens to cancel to nearly nothing
 * carries the rounding of its neighbours.
 *
 * <p>Infinities agree only with the same infinity (masked attention scores are negative infinity on
 * both sides), NaN with nothing.
 *
 * @param absolute allowed whatever the magnitude, at least 0
 * @param relative allowed per unit of the largest expected magnitude, at least 0
 */
public record Tolerance(double absolute, double relative) {

  /** Bit for bit, but that 0 equals -0. */
  public static final Tolerance EXACT = new Tolerance(0, 0);

  /** Float32 activations and logits of small models against float64: 1e-5 absolute. */
  public static final Tolerance ACTIVATIONS = new Tolerance(1e-5, 0);

  /**
   * Float32 gradients against float64: 1e-4 of the tensor's largest magnitude. The 1e-6 on top is
   * for tensors whose true gradient is 0, such as that of b_K (adding the same to all scores of a
   * row changes no softmax), where float32 leaves its rounding.
   */
  public static final Tolerance GRADIENTS = new Tolerance(1e-6, 1e-4);

  /** Two float64 computations of the same thing in another order. */
  public static final Tolerance DOUBLES = new Tolerance(1e-12, 1e-11);

  public Tolerance {
    if (!(absolute >= 0 && relative >= 0)) {
      throw new IllegalArgumentException(
          "a tolerance is not negative: " + absolute + ", " + relative);
    }
  }

  public static Tolerance absolute(double absolute) {
    return new Tolerance(absolute, 0);
  }

  public static Tolerance relativeToLargest(double relative) {
    return new Tolerance(0, relative);
  }

  double allowed(double largestExpected) {
    return absolute + relative * largestExpected;
  }

  @Override
  public String toString() {
    return absolute + " absolute + " + relative + " of the largest expected magnitude";
  }
}
