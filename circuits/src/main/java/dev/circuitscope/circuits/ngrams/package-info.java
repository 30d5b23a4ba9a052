/**
 * What a model says of the next token from one or two tokens alone: the bigrams of its direct path
 * and the skip-trigrams {@code source ... destination -> out} of its heads (A Mathematical
 * Framework for Transformer Circuits, sections "Zero-Layer Transformers" and "One-Layer
 * Attention-Only Transformers").
 *
 * <p>What belongs here: {@linkplain dev.circuitscope.circuits.ngrams.BigramTable tables} over the
 * vocabulary that are never formed whole, {@linkplain
 * dev.circuitscope.circuits.ngrams.SkipTrigramSearch searches} in them, and their comparison with
 * what text says. What does not: counting text, which {@code core.text} does, and paths through
 * several layers.
 */
package dev.circuitscope.circuits.ngrams;
