package dev.circuitscope.examples.superposition.phases;

import java.util.List;

/**
 * The phase diagrams of a run.
 *
 * @param recipe what was trained
 * @param seed of the run
 * @param diagrams two features in one dimension, and three in two
 */
public record PhasesResult(PhasesRecipe recipe, long seed, List<PhaseDiagram> diagrams) {

  /**
   * Copies the diagrams.
   *
   * @param recipe what was trained
   * @param seed of the run
   * @param diagrams by number of features
   */
  public PhasesResult {
    diagrams = List.copyOf(diagrams);
  }
}
