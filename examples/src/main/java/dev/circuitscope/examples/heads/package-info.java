/**
 * The command {@code heads}: every score of every head of a model.
 *
 * <p>What belongs here: which sequences each score is measured on in a model of any size, and the
 * result as a table, as JSON and as a figure. What does not: the scores themselves.
 */
package dev.circuitscope.examples.heads;
