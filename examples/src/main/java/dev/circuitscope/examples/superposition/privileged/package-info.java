/**
 * Hidden units with a ReLU: features in neurons instead of directions ("Toy Models of
 * Superposition", 2022, section "Superposition in a Privileged Basis").
 *
 * <p>What belongs here: this experiment's run, figures and claims. What does not: the geometry of
 * neurons, which the library has.
 */
package dev.circuitscope.examples.superposition.privileged;
