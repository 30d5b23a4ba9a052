/**
 * What every reproduction of a paper has in common.
 *
 * <p>What belongs here: the {@linkplain dev.circuitscope.examples.reproduction.Reproduction shape}
 * of a reproduction, the {@linkplain dev.circuitscope.examples.reproduction.Recipe numbers} that
 * decide a run, and what is written at its end. What does not: any single experiment.
 */
package dev.circuitscope.examples.reproduction;
