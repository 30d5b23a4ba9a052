/**
 * Many trainings or measurements: a function over every cell of a grid of configurations, on all
 * cores here or on machines beyond, with a file from which a killed run goes on.
 *
 * <p>What belongs here: grids and their axes, the run over them, its file, its progress, and who
 * executes it. What does not: what a cell computes (the caller's function) and executors that need
 * a dependency of their own, such as that for Apache Spark, which is a module of its own.
 */
package dev.circuitscope.core.sweep;
