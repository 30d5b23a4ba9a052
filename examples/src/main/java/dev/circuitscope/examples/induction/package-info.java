/**
 * Induction heads in small transformers trained here ("A Mathematical Framework for Transformer
 * Circuits", 2021; "In-context Learning and Induction Heads", 2022).
 *
 * <p>What belongs here: this experiment's run, figures, tables and claims. What does not: training
 * and measurements, which the library has.
 */
package dev.circuitscope.examples.induction;
