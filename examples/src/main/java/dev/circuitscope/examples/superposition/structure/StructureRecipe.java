package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.examples.reproduction.Scale;
import java.util.List;

/**
 * What the study of structured features trains.
 *
 * @param steps updates
 * @param batch samples in each
 * @param restarts initialisations of a model of sets, of which the best is shown
 * @param pairRestarts initialisations of three correlated pairs: few end in the best arrangement
 * @param polygonRestarts initialisations of a polygon
 * @param setProbability how often a set of features is active, for pictures of sets
 * @param collapseProbabilities how often a pair is active, rising: where pairs collapse
 * @param baseProbabilities how often a set of ten is active, rising: where bases are local
 * @param polygonProbability how often each of four features is active
 * @param factors on it for the fifth feature, rising
 */
public record StructureRecipe(
    int steps,
    int batch,
    int restarts,
    int pairRestarts,
    int polygonRestarts,
    double setProbability,
    List<Double> collapseProbabilities,
    List<Double> baseProbabilities,
    double polygonProbability,
    List<Double> factors) {

  private static final List<Double> COLLAPSE =
      List.of(0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8);
  private static final List<Double> BASES = List.of(0.01, 0.02, 0.05, 0.1, 0.2, 0.5);
  private static final List<Double> FACTORS =
      List.of(0.05, 0.1, 0.2, 0.25, 0.3, 0.33, 0.36, 0.4, 0.5, 0.7, 1.0, 1.5, 2.5, 5.0, 8.0);

  /**
   * Copies the lists.
   *
   * @param steps updates
   * @param batch samples in each
   * @param restarts initialisations of a model of sets
   * @param pairRestarts initialisations of three correlated pairs
   * @param polygonRestarts initialisations of a polygon
   * @param setProbability how often a set of features is active, for pictures of sets
   * @param collapseProbabilities how often a pair is active, rising; {@code setProbability} is one
   * @param baseProbabilities how often a set of ten is active, rising; so here
   * @param polygonProbability how often each of four features is active
   * @param factors on it for the fifth feature, rising; 1 is one
   */
  public StructureRecipe {
    collapseProbabilities = List.copyOf(collapseProbabilities);
    baseProbabilities = List.copyOf(baseProbabilities);
    factors = List.copyOf(factors);
    if (!collapseProbabilities.contains(setProbability)
        || !baseProbabilities.contains(setProbability)
        || !factors.contains(1.0)) {
      throw new IllegalArgumentException(
          "a recipe needs sets at p = %s among %s and %s, and factor 1 among %s"
              .formatted(setProbability, collapseProbabilities, baseProbabilities, factors));
    }
  }

  /**
   * The recipe of a scale.
   *
   * @param scale how much to do
   * @return the same models, trained longer and from more starts at larger scales
   */
  public static StructureRecipe of(Scale scale) {
    return switch (scale) {
      case TINY ->
          new StructureRecipe(
              40, 64, 1, 1, 1, 0.05, List.of(0.05, 0.8), List.of(0.05), 0.05, List.of(0.2, 1.0));
      case STANDARD ->
          new StructureRecipe(4_000, 1024, 6, 24, 12, 0.05, COLLAPSE, BASES, 0.05, FACTORS);
      case FULL ->
          new StructureRecipe(16_000, 1024, 10, 40, 20, 0.05, COLLAPSE, BASES, 0.05, FACTORS);
    };
  }
}
