/**
 * Toy models of superposition: a linear encoder, its transpose as decoder, and an output ReLU,
 * trained on sparse independent features.
 *
 * <p>What belongs here: the models and how they are trained. What does not: the geometry of what
 * they learn ({@code toymodels.geometry}), what they ought to learn ({@code toymodels.theory}),
 * models that compute something else than their input, finite training sets, grids of trainings,
 * and pictures.
 *
 * <p>Start at {@link dev.circuitscope.toymodels.superposition.ToyTrainer}.
 */
package dev.circuitscope.toymodels.superposition;
