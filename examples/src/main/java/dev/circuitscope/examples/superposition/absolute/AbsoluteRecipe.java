package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import java.util.List;

/**
 * Every number that decides a run, but the seed.
 *
 * @param pairs two neurons for each feature
 * @param sweep fewer, over sparsities
 */
public record AbsoluteRecipe(Shape pairs, Shape sweep) {

  private static final List<Double> PAPER = List.of(1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001);

  /**
   * Models of one shape.
   *
   * @param features n
   * @param neurons m
   * @param importanceRatio I_i = ratio^i
   * @param probabilities p = 1 - S, falling
   * @param restarts initialisations at each p, of which the best is shown
   * @param steps updates
   * @param batch samples in each
   * @param learningRate at the start; it falls to 0 on a straight line
   */
  public record Shape(
      int features,
      int neurons,
      double importanceRatio,
      List<Double> probabilities,
      int restarts,
      int steps,
      int batch,
      double learningRate) {

    /**
     * Copies the probabilities.
     *
     * @param features n
     * @param neurons m
     * @param importanceRatio I_i = ratio^i
     * @param probabilities p = 1 - S, falling
     * @param restarts initialisations at each p, of which the best is shown
     * @param steps updates
     * @param batch samples in each
     * @param learningRate at the start
     */
    public Shape {
      probabilities = List.copyOf(probabilities);
    }

    /**
     * As the trainer takes it. The factor n makes the mean over features the paper's sum: gradients
     * of the mean would lie below AdamW's epsilon for unimportant sparse features.
     */
    ToyConfig config(long seed) {
      float[] importance = new float[features];
      for (int i = 0; i < features; i++) {
        importance[i] = (float) (features * Math.pow(importanceRatio, i));
      }
      return ToyConfig.builder(features, neurons)
          .architecture(ToyArchitecture.ABSOLUTE_VALUE)
          .importance(importance)
          .featureProbabilities(probabilities)
          .restarts(restarts)
          .steps(steps)
          .batch(batch)
          .learningRate(learningRate)
          .schedule(ToySchedule.LINEAR)
          .seed(seed)
          .build();
    }

    String label() {
      return "n = %d, m = %d".formatted(features, neurons);
    }
  }

  /**
   * The recipe of a scale; full runs train longer and more often.
   *
   * @param scale how much to do
   * @return the recipe
   */
  public static AbsoluteRecipe of(Scale scale) {
    return switch (scale) {
      case TINY ->
          new AbsoluteRecipe(
              new Shape(3, 6, 1, List.of(0.3), 2, 20, 32, 1e-3),
              new Shape(8, 5, 0.8, List.of(1.0, 0.1), 1, 20, 32, 4e-3));
      case STANDARD ->
          new AbsoluteRecipe(
              new Shape(3, 6, 1, List.of(0.3), 5, 10_000, 1024, 1e-3),
              new Shape(100, 40, 0.8, PAPER, 1, 18_000, 1024, 4e-3));
      case FULL ->
          new AbsoluteRecipe(
              new Shape(3, 6, 1, List.of(0.3), 5, 10_000, 1024, 1e-3),
              new Shape(100, 40, 0.8, PAPER, 2, 40_000, 1024, 4e-3));
    };
  }
}
