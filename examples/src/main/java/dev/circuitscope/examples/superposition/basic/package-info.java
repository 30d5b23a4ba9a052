/**
 * "Basic Results" of "Toy Models of Superposition" (2022): which features a model keeps, from dense
 * features to sparse ones, beside the linear model that behaves like PCA.
 *
 * <p>What belongs here: these experiments' runs, figures and claims. What does not: training and
 * geometry of toy models, which the library has.
 */
package dev.circuitscope.examples.superposition.basic;
