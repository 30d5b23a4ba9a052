/**
 * Models that compute something of features in superposition: section "Computation in
 * Superposition" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>What belongs here: what the neurons of a model of y = |x| do. What does not: the model and its
 * training ({@code toymodels.superposition}, architecture {@code ABSOLUTE_VALUE}), and the geometry
 * of models that only store features ({@code toymodels.geometry}).
 *
 * <p>Start at {@link dev.circuitscope.toymodels.computation.AbsoluteValueNeurons}.
 */
package dev.circuitscope.toymodels.computation;
