/**
 * How toy models get to where they end: section "Superposition and Learning Dynamics" of "Toy
 * Models of Superposition" (Elhage et al., 2022).
 *
 * <p>What belongs here: measurements over the snapshots of a training. What does not: the training
 * ({@code toymodels.superposition}) and the measures of a single matrix ({@code
 * toymodels.geometry}).
 *
 * <p>Start at {@link dev.circuitscope.toymodels.dynamics.LearningDynamics}.
 */
package dev.circuitscope.toymodels.dynamics;
