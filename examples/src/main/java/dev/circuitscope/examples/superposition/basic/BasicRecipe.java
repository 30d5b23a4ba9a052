package dev.circuitscope.examples.superposition.basic;

import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import java.util.List;

/**
 * Every number that decides a run, but the seed.
 *
 * @param ladders models over sparsities
 * @param equal five features of one importance in two dimensions
 * @param falling the same, of falling importance
 */
public record BasicRecipe(List<Ladder> ladders, Ladder equal, Ladder falling) {

  private static final List<Double> PAPER = List.of(1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001);

  /**
   * Copies the ladders.
   *
   * @param ladders models over sparsities
   * @param equal five features of one importance in two dimensions
   * @param falling the same, of falling importance
   */
  public BasicRecipe {
    ladders = List.copyOf(ladders);
  }

  /**
   * Models of one shape over sparsities.
   *
   * @param features n
   * @param hidden m
   * @param importanceRatio I_i = ratio^i
   * @param probabilities p = 1 - S, falling
   * @param restarts initialisations at each p, of which the best is shown
   * @param steps updates
   * @param batch samples in each
   */
  public record Ladder(
      int features,
      int hidden,
      double importanceRatio,
      List<Double> probabilities,
      int restarts,
      int steps,
      int batch) {

    /**
     * Copies the probabilities.
     *
     * @param features n
     * @param hidden m
     * @param importanceRatio I_i = ratio^i
     * @param probabilities p = 1 - S, falling
     * @param restarts initialisations at each p, of which the best is shown
     * @param steps updates
     * @param batch samples in each
     */
    public Ladder {
      probabilities = List.copyOf(probabilities);
    }

    ToyConfig config(ToyArchitecture architecture, long seed) {
      return ToyConfig.builder(features, hidden)
          .architecture(architecture)
          .geometricImportance(importanceRatio)
          .featureProbabilities(probabilities)
          .restarts(restarts)
          .steps(steps)
          .batch(batch)
          .seed(seed)
          .build();
    }

    String label() {
      return "n = %d, m = %d".formatted(features, hidden);
    }
  }

  /**
   * The recipe of a scale. The paper's three shapes; the third one, which only its curve of
   * dimensions per feature needs, is trained in full runs.
   *
   * @param scale how much to do
   * @return the recipe
   */
  public static BasicRecipe of(Scale scale) {
    return switch (scale) {
      case TINY ->
          new BasicRecipe(
              List.of(new Ladder(6, 2, 0.7, List.of(1.0, 0.01), 1, 20, 32)),
              five(1, List.of(1.0, 0.05), 1, 20, 32),
              five(0.9, List.of(1.0), 1, 20, 32));
      case STANDARD ->
          new BasicRecipe(
              List.of(
                  new Ladder(20, 5, 0.7, PAPER, 2, 10_000, 1024),
                  new Ladder(80, 20, 0.9, PAPER, 1, 5_000, 1024)),
              five(1, List.of(1.0, 0.05), 5, 10_000, 1024),
              five(0.9, List.of(1.0), 5, 10_000, 1024));
      case FULL ->
          new BasicRecipe(
              List.of(
                  new Ladder(20, 5, 0.7, PAPER, 10, 10_000, 1024),
                  new Ladder(80, 20, 0.9, PAPER, 4, 10_000, 1024),
                  new Ladder(
                      100,
                      20,
                      Math.pow(100, -1 / 99.0),
                      ToyConfig.logSpaced(1, 0.01, 20),
                      2,
                      10_000,
                      1024)),
              five(1, List.of(1.0, 0.05), 10, 40_000, 1024),
              five(0.9, List.of(1.0), 10, 40_000, 1024));
    };
  }

  private static Ladder five(
      double ratio, List<Double> probabilities, int restarts, int steps, int batch) {
    return new Ladder(5, 2, ratio, probabilities, restarts, steps, batch);
  }
}
