/**
 * Training a transformer: the optimiser and its schedule, the loop, checkpoints that a training
 * resumes from with the same bits, and the provenance of what came out.
 *
 * <p>What belongs here: anything that changes weights step by step, and the record of it. What does
 * not: the forward and backward pass ({@code model}), what the batches hold ({@code text}), and
 * what is measured on the models that come out; measurements enter as observers.
 */
package dev.circuitscope.core.train;
