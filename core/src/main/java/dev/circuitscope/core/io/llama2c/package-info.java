/**
 * Checkpoints of llama2.c: float32 weights in a fixed order behind a short header.
 *
 * <p>What belongs here: reading and writing them. What does not: the tokenizer that comes with such
 * a model, which is among the tokenizers, and the model itself.
 */
package dev.circuitscope.core.io.llama2c;
