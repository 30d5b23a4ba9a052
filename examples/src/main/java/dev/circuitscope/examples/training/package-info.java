/**
 * Data and training that several reproductions share.
 *
 * <p>What belongs here: the text that transformers are trained on, a training under a progress bar,
 * and how both are described in a report. What does not: anything that is measured on the way or
 * afterwards.
 */
package dev.circuitscope.examples.training;
