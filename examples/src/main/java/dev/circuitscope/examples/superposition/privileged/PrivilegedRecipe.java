package dev.circuitscope.examples.superposition.privileged;

import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import java.util.List;

/**
 * Every number that decides a run, but the seed.
 *
 * @param features n
 * @param neurons m
 * @param importanceRatio I_i = ratio^i
 * @param probabilities p = 1 - S, falling
 * @param restarts initialisations at each p, of which the best is shown
 * @param steps updates
 * @param batch samples in each
 */
public record PrivilegedRecipe(
    int features,
    int neurons,
    double importanceRatio,
    List<Double> probabilities,
    int restarts,
    int steps,
    int batch) {

  private static final List<Double> PAPER = List.of(1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001);

  /**
   * Copies the probabilities.
   *
   * @param features n
   * @param neurons m
   * @param importanceRatio I_i = ratio^i
   * @param probabilities p = 1 - S, falling
   * @param restarts initialisations at each p
   * @param steps updates
   * @param batch samples in each
   */
  public PrivilegedRecipe {
    probabilities = List.copyOf(probabilities);
  }

  /**
   * The recipe of a scale. The models are the paper's; full runs train more of them, and longer.
   *
   * @param scale how much to do
   * @return the recipe
   */
  public static PrivilegedRecipe of(Scale scale) {
    return switch (scale) {
      case TINY -> new PrivilegedRecipe(10, 5, 0.75, List.of(1.0, 0.1), 2, 20, 32);
      case STANDARD -> new PrivilegedRecipe(10, 5, 0.75, PAPER, 5, 10_000, 1024);
      case FULL -> new PrivilegedRecipe(10, 5, 0.75, PAPER, 20, 20_000, 1024);
    };
  }

  ToyConfig config(long seed) {
    return ToyConfig.builder(features, neurons)
        .architecture(ToyArchitecture.RELU_HIDDEN)
        .geometricImportance(importanceRatio)
        .featureProbabilities(probabilities)
        .restarts(restarts)
        .steps(steps)
        .batch(batch)
        .seed(seed)
        .build();
  }
}
