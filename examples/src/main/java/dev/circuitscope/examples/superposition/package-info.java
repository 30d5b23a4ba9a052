/**
 * Five features in two dimensions ("Toy Models of Superposition", 2022).
 *
 * <p>What belongs here: this experiment's run, figures and claims. What does not: training and
 * geometry of toy models, which the library has.
 */
package dev.circuitscope.examples.superposition;
