/**
 * What losses models ought to have, and which model is best, without training one: the closed forms
 * of "Toy Models of Superposition" (Elhage et al., 2022), in float64.
 *
 * <p>What belongs here: expected losses of given weights by exact integration, optima that are
 * known in closed form, and diagrams made of them. What does not: anything trained or sampled.
 * Losses are sums over features, as in the paper, unless a method is called {@code mean}.
 *
 * <p>Start at {@link dev.circuitscope.toymodels.theory.SparsityExpansion}.
 */
package dev.circuitscope.toymodels.theory;
