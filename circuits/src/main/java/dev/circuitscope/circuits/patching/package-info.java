/**
 * What a model does when parts of it are changed: ablations, activation patching, attribution
 * patching and path patching, measured by any function of the logits.
 *
 * <p>Every intervention is hooks on a call, so that it composes with others and leaves no trace on
 * the model. Here belong the interventions, the metrics that they are measured by and the tables of
 * their results. What is read off a run that is left alone belongs to {@code circuits.attribution}
 * and {@code circuits.heads}; which edges to keep, given what patching says, is a search's to
 * decide and does not belong here.
 */
package dev.circuitscope.circuits.patching;
