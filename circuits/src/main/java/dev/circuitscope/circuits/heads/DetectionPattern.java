package dev.circuitscope.circuits.heads;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The attention that a kind of head would have on one sequence, D[dest, src]: what a head's pattern
 * is compared with.
 *
 * <pre>{@code
 * DetectionPattern induction = DetectionPattern.induction(tokens);
 * HeadScores scores = HeadDetection.of(model, tokens, induction, Detection.mul());
 * }</pre>
 *
 * @param name of such heads
 * @param values [dest][src], from 0 to 1, and 0 where src is after dest; copied in and out
 */
public record DetectionPattern(String name, double[][] values) {

  /**
   * Checks that it is a square of attention that looks back.
   *
   * @param name of such heads
   * @param values [dest][src], from 0 to 1, and 0 where src is after dest; copied
   * @throws IllegalArgumentException if it is empty or not square, or a value is outside its range
   */
  public DetectionPattern {
    values = copy(values);
    for (int dest = 0; dest < values.length; dest++) {
      if (values[dest].length != values.length) {
        throw new IllegalArgumentException(
            "the %s pattern must be square, [%d][%d]; row %d has %d columns"
                .formatted(name, values.length, values.length, dest, values[dest].length));
      }
      for (int src = 0; src < values.length; src++) {
        double value = values[dest][src];
        if (!(value >= 0 && value <= (src <= dest ? 1 : 0))) {
          throw new IllegalArgumentException(
              "the %s pattern at [dest %d, src %d] is %s; it must be from 0 to 1, and 0 where src is after dest"
                  .formatted(name, dest, src, value));
        }
      }
    }
    if (values.length == 0) {
      throw new IllegalArgumentException("the " + name + " pattern is empty");
    }
  }

  /**
   * Attention to the token before: D[d, d - 1] = 1.
   *
   * @param tokens the sequence
   * @return its pattern
   */
  public static DetectionPattern previousToken(int[] tokens) {
    return of(RepeatDetectors.previousToken(), tokens);
  }

  /**
   * Attention to all earlier occurrences of the current token.
   *
   * @param tokens the sequence
   * @return its pattern
   */
  public static DetectionPattern duplicateToken(int[] tokens) {
    return of(RepeatDetectors.duplicateToken((sequence, position) -> true), tokens);
  }

  /**
   * Attention to all tokens that follow an earlier occurrence of the current token.
   *
   * @param tokens the sequence
   * @return its pattern
   */
  public static DetectionPattern induction(int[] tokens) {
    DetectionPattern d = of(RepeatDetectors.prefixMatching((sequence, position) -> true), tokens);
    return new DetectionPattern("induction", d.values);
  }

  /**
   * Attention to a detector's targets, 1 for each.
   *
   * @param detector whose targets
   * @param tokens the sequence
   * @return its pattern
   */
  public static DetectionPattern of(HeadDetector detector, int[] tokens) {
    double[][] values = new double[tokens.length][tokens.length];
    int[][] targets = detector.targets().of(0, tokens);
    for (int dest = 0; dest < tokens.length; dest++) {
      for (int src : targets[dest]) {
        values[dest][src] = 1;
      }
    }
    return new DetectionPattern(detector.name(), values);
  }

  /**
   * Any pattern.
   *
   * @param name of such heads
   * @param values [dest, src]; copied
   * @return the pattern
   * @throws IllegalArgumentException if it is not a square of attention that looks back
   */
  public static DetectionPattern of(String name, INDArray values) {
    return new DetectionPattern(name, values.dup('c').toDoubleMatrix());
  }

  /**
   * The pattern.
   *
   * @return [dest][src], a copy
   */
  @Override
  public double[][] values() {
    return copy(values);
  }

  double at(int dest, int src) {
    return values[dest][src];
  }

  int length() {
    return values.length;
  }

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }
}
