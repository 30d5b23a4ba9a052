/**
 * Features that are not all alike: correlated and anticorrelated sets, and one feature rarer than
 * the others (sections "Correlated and Anticorrelated Features" and "Non-Uniform Superposition" of
 * "Toy Models of Superposition", Elhage et al., 2022).
 *
 * <p>What belongs here: these experiments' runs, figures and claims. What does not: training and
 * geometry of toy models and their exact losses, which the library has.
 */
package dev.circuitscope.examples.superposition.structure;
