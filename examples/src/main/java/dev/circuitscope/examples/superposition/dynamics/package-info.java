/**
 * Learning dynamics: section "Superposition and Learning Dynamics" of "Toy Models of Superposition"
 * (Elhage et al., 2022).
 *
 * <p>What belongs here: the two trainings that are watched and what is shown of them. What does
 * not: the measurements ({@code toymodels.dynamics}).
 */
package dev.circuitscope.examples.superposition.dynamics;
