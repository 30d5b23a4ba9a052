package dev.circuitscope.examples.superposition.dynamics;

import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import dev.circuitscope.toymodels.superposition.ToyTraining;

/**
 * The trainings that are watched.
 *
 * @param uniform many features of equal importance
 * @param octahedron two correlated sets of three features in three dimensions
 * @param restarts of the octahedron, of which the best is shown
 * @param samples on which the loss of every snapshot is measured
 */
public record DynamicsRecipe(Watched uniform, Watched octahedron, int restarts, int samples) {

  /**
   * A training of features of equal importance, and how often it is looked at.
   *
   * @param features n
   * @param hidden m
   * @param setSize features that are active together; 1 for independent ones
   * @param probability p = 1 - S
   * @param training steps and so on
   * @param every steps between two snapshots
   */
  public record Watched(
      int features, int hidden, int setSize, double probability, ToyTraining training, int every) {}

  /**
   * The recipe of a scale.
   *
   * @param scale how much to do
   * @return the recipe
   */
  public static DynamicsRecipe of(Scale scale) {
    return switch (scale) {
      case TINY ->
          new DynamicsRecipe(
              new Watched(12, 3, 1, 0.3, constant(60, 64), 5),
              new Watched(6, 3, 3, 0.1, constant(60, 64), 5),
              2,
              256);
      case STANDARD ->
          new DynamicsRecipe(
              new Watched(60, 6, 1, 0.3, constant(3_000, 2048), 50),
              new Watched(6, 3, 3, 0.1, cosine(10_000, 2048), 50),
              4,
              1 << 13);
      case FULL ->
          new DynamicsRecipe(
              new Watched(400, 30, 1, 0.3, constant(10_000, 2048), 50),
              new Watched(6, 3, 3, 0.1, cosine(10_000, 4096), 50),
              8,
              1 << 14);
    };
  }

  /** So that what noise is left of the last batches does not tilt the octahedron. */
  private static ToyTraining cosine(int steps, int batch) {
    return new ToyTraining(steps, batch, 3e-3, ToySchedule.COSINE, 0.01);
  }

  private static ToyTraining constant(int steps, int batch) {
    return new ToyTraining(steps, batch, 1e-3, ToySchedule.CONSTANT, 0.01);
  }
}
