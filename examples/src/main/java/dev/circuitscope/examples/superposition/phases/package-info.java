/**
 * Phase diagrams: section "Superposition as a Phase Change" of "Toy Models of Superposition"
 * (Elhage et al., 2022), trained beside theoretical.
 *
 * <p>What belongs here: the trainings of a grid of cells and what is shown of them. What does not:
 * the theoretical diagram ({@code toymodels.theory}).
 */
package dev.circuitscope.examples.superposition.phases;
