/**
 * Text from a model, token by token.
 *
 * <p>What belongs here: how a token is drawn from logits ({@link
 * dev.circuitscope.core.generate.Sampling}), and the loop that draws it and feeds it back ({@link
 * dev.circuitscope.core.generate.Generator}). What does not: the pass over the model and its
 * key-value cache, which are in {@code core.model}, and tokenizers, which are in {@code core.text}.
 */
package dev.circuitscope.core.generate;
