package dev.circuitscope.examples.superposition.uniform;

import dev.circuitscope.examples.reproduction.Scale;
import java.util.List;

/**
 * What the study of uniform importance trains: the learning rate falls to 0 as a quarter of a
 * cosine wave, without which the lines of D_i stay blurred.
 *
 * @param features n
 * @param hidden m
 * @param sparsities 1/(1 - S), rising from 1 on
 * @param shown those whose features are drawn as a graph
 * @param steps updates
 * @param batch samples in each
 * @param learningRate at the start
 */
public record UniformRecipe(
    int features,
    int hidden,
    List<Double> sparsities,
    List<Double> shown,
    int steps,
    int batch,
    double learningRate) {

  /**
   * Checks that what is shown is trained.
   *
   * @param features n
   * @param hidden m
   * @param sparsities 1/(1 - S), rising from 1 on
   * @param shown those whose features are drawn as a graph
   * @param steps updates
   * @param batch samples in each
   * @param learningRate at the start
   */
  public UniformRecipe {
    sparsities = List.copyOf(sparsities);
    shown = List.copyOf(shown);
    for (int i = 0; i < sparsities.size(); i++) {
      if (sparsities.get(i) < 1 || (i > 0 && sparsities.get(i) <= sparsities.get(i - 1))) {
        throw new IllegalArgumentException(
            "sparsities 1/(1 - S) rise and are at least 1, was " + sparsities);
      }
    }
    if (!sparsities.containsAll(shown) || sparsities.isEmpty()) {
      throw new IllegalArgumentException(
          "what is shown must be trained: %s are not all in %s".formatted(shown, sparsities));
    }
  }

  /**
   * The recipe of a scale.
   *
   * @param scale how much to do
   * @return n = 400 features in m = 30 dimensions as the paper has, but for tests
   */
  public static UniformRecipe of(Scale scale) {
    return switch (scale) {
      case TINY ->
          new UniformRecipe(24, 4, List.of(1.0, 2.0, 3.0, 4.0), List.of(3.0, 4.0), 60, 128, 1e-2);
      case STANDARD ->
          new UniformRecipe(
              400,
              30,
              List.of(
                  1.0, 1.3, 1.5, 1.7, 2.0, 2.4, 2.7, 3.0, 3.5, 4.0, 4.5, 5.0, 7.0, 10.0, 20.0, 50.0,
                  100.0),
              List.of(1.7, 2.0, 3.0, 4.0, 5.0, 7.0),
              2_500,
              1024,
              5e-3);
      case FULL ->
          new UniformRecipe(
              400,
              30,
              List.of(
                  1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.25,
                  3.5, 3.75, 4.0, 4.5, 5.0, 6.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 70.0, 100.0),
              List.of(1.6, 1.7, 2.0, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0),
              12_000,
              1024,
              5e-3);
    };
  }
}
