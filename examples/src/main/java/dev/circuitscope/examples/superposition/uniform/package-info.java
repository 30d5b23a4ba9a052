/**
 * Features of equal importance over a range of sparsities: section "The Geometry of Superposition"
 * of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>What belongs here: this experiment's run, figures and claims. What does not: training and
 * geometry of toy models, which the library has.
 */
package dev.circuitscope.examples.superposition.uniform;
