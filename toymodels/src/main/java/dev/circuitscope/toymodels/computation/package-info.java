/**
 * Models that compute something of features in superposition: section "Computation in
 * Superposition" of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>What belongs here: y = |x| with hidden ReLUs, and what its neurons do. What does not: models
 * that only store features ({@code toymodels.superposition}).
 *
 * <p>Start at {@link dev.circuitscope.toymodels.computation.AsymmetricSuperposition}.
 */
package dev.circuitscope.toymodels.computation;
