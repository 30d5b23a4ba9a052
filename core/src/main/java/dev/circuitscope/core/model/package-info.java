/**
 * The transformer: its configuration, its weights, and one class per component with the forward
 * pass and the backward pass side by side.
 *
 * <p>Names follow the papers and TransformerLens: {@code W_Q}, {@code d_head}, {@code resid_pre}.
 * Vectors are rows and multiply from the left, {@code x @ W}. What belongs here is how a model
 * computes; how it is trained is for {@code core.train}, what its activations mean for the circuits
 * module.
 *
 * <p>Dimensions in comments: B batch, T positions, D d_model, H heads, E d_head, V vocabulary.
 */
package dev.circuitscope.core.model;
