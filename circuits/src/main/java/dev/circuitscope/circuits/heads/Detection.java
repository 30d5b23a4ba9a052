package dev.circuitscope.circuits.heads;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How a head's attention A is compared with a {@link DetectionPattern} D, as TransformerLens's
 * {@code detect_head} does.
 *
 * @param measure of agreement
 * @param excludeFirst whether attention to position 0 is left out, where heads rest
 * @param excludeCurrent whether attention to the current position is left out
 */
public record Detection(Measure measure, boolean excludeFirst, boolean excludeCurrent) {

  /** How similar A and D are. */
  public enum Measure {
    /** sum(A D) / sum(A): the share of all attention that is where D is. */
    MUL,
    /** 1 - (1/n) sum |A - D| over all n x n entries: 1 if they are the same, at least -1. */
    ABS
  }

  /**
   * The share of attention that is where the pattern is.
   *
   * @return with nothing left out
   */
  public static Detection mul() {
    return new Detection(Measure.MUL, false, false);
  }

  /**
   * How little attention and pattern differ.
   *
   * @return with nothing left out
   */
  public static Detection abs() {
    return new Detection(Measure.ABS, false, false);
  }

  /**
   * Leaves out attention to position 0.
   *
   * @return a new comparison
   */
  public Detection withoutFirst() {
    return new Detection(measure, true, excludeCurrent);
  }

  /**
   * Leaves out attention to the current position.
   *
   * @return a new comparison
   */
  public Detection withoutCurrent() {
    return new Detection(measure, excludeFirst, true);
  }

  /**
   * The similarity of one head's attention.
   *
   * @param attention [dest, src]
   * @param pattern of as many positions
   * @return by {@link Measure#MUL} from 0 to 1, and 0 if there is no attention; by {@link
   *     Measure#ABS} from -1 to 1
   * @throws IllegalArgumentException if the shapes differ, with both
   */
  public double similarity(INDArray attention, DetectionPattern pattern) {
    int n = pattern.length();
    if (attention.rank() != 2 || attention.size(0) != n || attention.size(1) != n) {
      throw new IllegalArgumentException(
          "attention of shape %s cannot be compared with a pattern of %d positions"
              .formatted(Arrays.toString(attention.shape()), n));
    }
    double[][] values = attention.dup('c').toDoubleMatrix();
    return similarity((dest, src) -> values[dest][src], pattern);
  }

  /** A[dest, src]. */
  @FunctionalInterface
  interface Attention {
    double at(int dest, int src);
  }

  double similarity(Attention attention, DetectionPattern pattern) {
    int n = pattern.length();
    double shared = 0;
    double all = 0;
    double apart = 0;
    for (int dest = 0; dest < n; dest++) {
      for (int src = 0; src < n; src++) {
        boolean excluded = excludeFirst && src == 0 || excludeCurrent && src == dest;
        double a = excluded ? 0 : attention.at(dest, src);
        shared += a * pattern.at(dest, src);
        all += a;
        apart += Math.abs(a - pattern.at(dest, src));
      }
    }
    return switch (measure) {
      case MUL -> all == 0 ? 0 : shared / all;
      case ABS -> 1 - apart / n;
    };
  }

  /** The score of a head that attends to all positions up to its own alike. */
  double chance(DetectionPattern pattern) {
    return similarity((dest, src) -> src <= dest ? 1.0 / (dest + 1) : 0, pattern);
  }

  String definition(DetectionPattern pattern) {
    String what =
        switch (measure) {
          case MUL -> "share of attention that is where the %s pattern is";
          case ABS -> "1 less the mean distance of attention from the %s pattern";
        };
    return what.formatted(pattern.name())
        + (excludeFirst ? ", without position 0" : "")
        + (excludeCurrent ? ", without the current position" : "");
  }
}
