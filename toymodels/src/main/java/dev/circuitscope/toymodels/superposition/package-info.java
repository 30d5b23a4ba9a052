/**
 * Toy models of superposition: an encoder and a decoder with few hidden units between them, with
 * ReLUs or without, trained on sparse features.
 *
 * <p>What belongs here: the models, the distributions of their features, and how they are trained.
 * What does not: the geometry of what they learn ({@code toymodels.geometry}), what they ought to
 * learn ({@code toymodels.theory}), what the neurons of a model that computes something do ({@code
 * toymodels.computation}), finite training sets, grids of trainings, and pictures.
 *
 * <p>Start at {@link dev.circuitscope.toymodels.superposition.ToyTrainer}.
 */
package dev.circuitscope.toymodels.superposition;
