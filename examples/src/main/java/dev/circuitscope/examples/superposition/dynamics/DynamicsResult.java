package dev.circuitscope.examples.superposition.dynamics;

/**
 * Both trainings of a run.
 *
 * @param recipe what was trained
 * @param seed of the run
 * @param uniform many features of equal importance
 * @param octahedron two correlated sets of three features in three dimensions
 */
public record DynamicsResult(
    DynamicsRecipe recipe, long seed, WatchedTraining uniform, WatchedTraining octahedron) {}
