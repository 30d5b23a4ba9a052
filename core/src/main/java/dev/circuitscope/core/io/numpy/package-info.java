/**
 * NumPy's {@code .npy} and {@code .npz} files.
 *
 * <p>What belongs here: reading and writing these two formats, of every layout and byte order that
 * NumPy writes. What does not: arrays of Python objects, which are pickles and are refused.
 */
package dev.circuitscope.core.io.numpy;
