/**
 * On what a measurement is taken, and how sure it is.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.sampling.RepeatSampling random
 * repeats to draw}, {@linkplain dev.circuitscope.circuits.sampling.RunSettings how many sequences
 * run through a model} with which hooks in how much memory, {@linkplain
 * dev.circuitscope.circuits.sampling.SampleMean means with their errors}, and {@linkplain
 * dev.circuitscope.circuits.sampling.Provenance where a result comes from}. What does not: what is
 * measured; that is for {@code circuits.heads}, {@code circuits.learning} and their neighbours.
 */
package dev.circuitscope.circuits.sampling;
