package dev.circuitscope.circuits.algebra;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The eigenvalues of a real matrix, the largest in magnitude first; those that are not real come in
 * conjugate pairs.
 *
 * @param real their real parts; copied in and out
 * @param imaginary their imaginary parts, equally many; copied in and out
 */
public record Eigenvalues(double[] real, double[] imaginary) {

  /**
   * Checks that there are as many real as imaginary parts.
   *
   * @param real their real parts; copied
   * @param imaginary their imaginary parts; copied
   * @throws IllegalArgumentException if their numbers differ
   */
  public Eigenvalues {
    if (real.length != imaginary.length) {
      throw new IllegalArgumentException(
          "eigenvalues: %d real parts and %d imaginary ones"
              .formatted(real.length, imaginary.length));
    }
    real = real.clone();
    imaginary = imaginary.clone();
  }

  /**
   * The real parts.
   *
   * @return a copy
   */
  @Override
  public double[] real() {
    return real.clone();
  }

  /**
   * The imaginary parts.
   *
   * @return a copy
   */
  @Override
  public double[] imaginary() {
    return imaginary.clone();
  }

  /**
   * How many there are.
   *
   * @return at least 0
   */
  public int size() {
    return real.length;
  }

  /**
   * The magnitude of one.
   *
   * @param i from 0
   * @return its distance from 0
   */
  public double magnitude(int i) {
    return Math.hypot(real[i], imaginary[i]);
  }

  /**
   * How positive they are on the whole: sum of lambda over sum of |lambda| (A Mathematical
   * Framework for Transformer Circuits, section "Summarizing OV/QK Matrices"). Of an OV circuit
   * from tokens to logits it says how much the head copies; of a QK circuit, how much it attends to
   * its own token.
   *
   * @return from -1, all negative, to 1, all positive; 0 if all eigenvalues are 0
   */
  public double positivity() {
    double sum = Arrays.stream(real).sum();
    double magnitudes = IntStream.range(0, real.length).mapToDouble(this::magnitude).sum();
    return magnitudes == 0 ? 0 : sum / magnitudes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Eigenvalues e
        && Arrays.equals(real, e.real)
        && Arrays.equals(imaginary, e.imaginary);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(real) + Arrays.hashCode(imaginary);
  }

  /** For example {@code [3.000, 1.000 + 2.000i, 1.000 - 2.000i]}. */
  @Override
  public String toString() {
    return Arrays.toString(IntStream.range(0, real.length).mapToObj(this::text).toArray());
  }

  static Eigenvalues sorted(double[] real, double[] imaginary) {
    int[] order =
        IntStream.range(0, real.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -Math.hypot(real[i], imaginary[i])))
            .mapToInt(i -> i)
            .toArray();
    return new Eigenvalues(
        Arrays.stream(order).mapToDouble(i -> real[i]).toArray(),
        Arrays.stream(order).mapToDouble(i -> imaginary[i]).toArray());
  }

  private String text(int i) {
    return imaginary[i] == 0
        ? "%.3f".formatted(real[i])
        : "%.3f %s %.3fi".formatted(real[i], imaginary[i] < 0 ? "-" : "+", Math.abs(imaginary[i]));
  }
}
