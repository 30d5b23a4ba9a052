/**
 * Rewriting a model's weights without changing what it predicts, so that they are easier to read:
 * {@link dev.circuitscope.core.processing.WeightProcessing}.
 *
 * <p>What belongs here are functions from a model to a new model with the same log-probabilities,
 * computed in float64 and rounded once. Ablations and anything else that changes predictions are
 * interventions on a run, for {@code core.hook}.
 */
package dev.circuitscope.core.processing;
