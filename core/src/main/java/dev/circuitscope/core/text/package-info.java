/**
 * From text to batches of tokens.
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.core.text.Tokenizer tokenizers}, {@linkplain
 * dev.circuitscope.core.text.Corpus corpora} and where they come from, {@linkplain
 * dev.circuitscope.core.text.BatchSource batches} to train on, and {@linkplain
 * dev.circuitscope.core.text.RandomRepeats synthetic sequences} to measure heads on or {@linkplain
 * dev.circuitscope.core.text.MarkovChain whose best loss is known}, and {@linkplain
 * dev.circuitscope.core.text.BigramCounts counts}. Tokens are {@code int[]} of one sequence and
 * {@code int[batch][pos]} of several.
 *
 * <p>What does not: anything that knows a model. Everything drawn here depends on its data and an
 * explicit seed alone, so that two models, or one model before and after a resumption, see the same
 * tokens.
 */
package dev.circuitscope.core.text;
