/**
 * Circuits of attention-only transformers with no, one and two layers, trained here ("A
 * Mathematical Framework for Transformer Circuits", 2021).
 *
 * <p>What belongs here: this experiment's run, figures, tables and claims. What does not: training
 * and measurements, which the library has.
 */
package dev.circuitscope.examples.framework;
