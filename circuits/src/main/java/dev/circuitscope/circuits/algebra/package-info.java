/**
 * The matrices that a head is made of, as products that are never multiplied out: QK and OV
 * circuits, their singular values, eigenvalues and norms, how much heads compose, and what of it
 * random weights would give. All of it in float64.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.algebra.FactoredMatrix factored
 * matrices}, the {@linkplain dev.circuitscope.circuits.algebra.Circuits circuits} of a model, and
 * numbers that follow from weights alone. What does not: anything that needs tokens to run through
 * the model, and scores of heads as grids with names ({@code circuits.heads}).
 */
package dev.circuitscope.circuits.algebra;
