/**
 * The matrices that a head is made of, as products that are never multiplied out: QK and OV
 * circuits, their singular values, eigenvalues and norms, and how much heads compose. All of it in
 * float64.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.algebra.FactoredMatrix factored
 * matrices}, the {@linkplain dev.circuitscope.circuits.algebra.HeadCircuit circuits} of a model's
 * heads, and numbers that follow from weights alone. What does not: anything that needs tokens, and
 * scores of heads as results with names and provenance.
 */
package dev.circuitscope.circuits.algebra;
