package dev.circuitscope.examples.superposition;

import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Arrays;
import java.util.Locale;

/** Toy models' numbers as figures and texts need them: the same in every study. */
public final class ToyNumbers {

  private ToyNumbers() {}

  /**
   * A feature probability as it is written everywhere.
   *
   * @param probability p = 1 - S
   * @return two significant digits, without zeros at the end
   */
  public static String p(double probability) {
    int decimals = Math.max(2, 1 - (int) Math.floor(Math.log10(probability)));
    return String.format(Locale.ROOT, "%." + decimals + "f", probability)
        .replaceFirst("\\.?0+$", "");
  }

  /**
   * The title of a run's panel.
   *
   * @param run of any model
   * @return its feature probability
   */
  public static String title(ToyRun run) {
    return "p = " + p(run.featureProbability());
  }

  /**
   * The importance of each feature.
   *
   * @param config of a training
   * @return I_i, [features]
   */
  public static double[] importance(ToyConfig config) {
    return config.importance().stream().mapToDouble(Float::doubleValue).toArray();
  }

  /**
   * A matrix in double precision.
   *
   * @param rows of any lengths
   * @return a copy
   */
  public static double[][] matrix(float[][] rows) {
    return Arrays.stream(rows).map(ToyNumbers::doubles).toArray(double[][]::new);
  }

  /**
   * Numbers in double precision.
   *
   * @param values any
   * @return a copy
   */
  public static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    Arrays.setAll(copy, i -> values[i]);
    return copy;
  }

  /**
   * The number that is furthest from another one.
   *
   * @param values any
   * @param target from which
   * @return the target itself if there are no values
   */
  public static double furthest(double[] values, double target) {
    double furthest = target;
    for (double value : values) {
      if (Math.abs(value - target) > Math.abs(furthest - target)) {
        furthest = value;
      }
    }
    return furthest;
  }
}
