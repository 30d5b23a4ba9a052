/**
 * What the columns of a weight matrix look like in space: section "The Geometry of Superposition"
 * of "Toy Models of Superposition" (Elhage et al., 2022).
 *
 * <p>What belongs here: measurements of a matrix W [hidden, features] in float64, and the regular
 * figures that they are compared with. What does not: how such a matrix is trained, and what losses
 * it has; nothing here knows a model.
 *
 * <p>Start at {@link dev.circuitscope.toymodels.geometry.Geometry}.
 */
package dev.circuitscope.toymodels.geometry;
