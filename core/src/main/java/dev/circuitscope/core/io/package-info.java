/**
 * Files that hold named arrays, and how they reach the disk.
 *
 * <p>What belongs here: readers and writers that turn bytes into {@link
 * dev.circuitscope.core.io.NamedTensors} and back, strict JSON, strict UTF-8, and {@linkplain
 * dev.circuitscope.core.io.AtomicFiles atomic replacement} of files. Every reader treats its input
 * as untrusted: sizes are checked before memory is allocated, and anything wrong is reported as one
 * {@link dev.circuitscope.core.io.MalformedFileException} with the file and the byte offset.
 *
 * <p>What does not: the meaning of the names. Which tensor is whose weight is decided by the model.
 */
package dev.circuitscope.core.io;
