/**
 * Computation in superposition: models that learn y = |x| of more features than they have pairs of
 * neurons for ("Toy Models of Superposition", 2022, section "Computation in Superposition").
 *
 * <p>What belongs here: this experiment's run, figures and claims. What does not: the search for
 * the asymmetric motif and what neurons do, which the library has.
 */
package dev.circuitscope.examples.superposition.absolute;
