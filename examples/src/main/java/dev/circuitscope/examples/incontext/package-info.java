/**
 * What induction heads do for in-context learning, and when they come to do it, in attention-only
 * transformers of one to three layers, with and without smeared keys ("In-context Learning and
 * Induction Heads", 2022).
 *
 * <p>What belongs here: this experiment's run, figures, tables and claims. What does not: training
 * and measurements, which the library has.
 */
package dev.circuitscope.examples.incontext;
