/**
 * The transformer a second time: one plain implementation of the forward pass in float64, written
 * as the papers write it. The engine in {@code core.model} is tested against it, and analyses whose
 * claims are exact (path expansion, closed forms) run on it.
 *
 * <p>What belongs here is the forward pass, in loops over double arrays that can be read beside the
 * equations: no BLAS, no threads, no fusing, no backward pass. What has to be fast belongs in
 * {@code core.model}.
 *
 * <p>Dimensions in comments: B batch, T positions, D d_model, H heads, G key and value heads, E
 * d_head, V vocabulary. All arrays are flat and row-major.
 */
package dev.circuitscope.core.reference;
