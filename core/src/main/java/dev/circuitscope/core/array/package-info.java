/**
 * Ground floor of the engine: blocks of off-heap floats, BLAS calls on them, vectorised kernels on
 * tiles of them, and the one thread pool of the library.
 *
 * <p>What belongs here knows nothing of transformers: no names of weights, no hook points, no
 * files. It imports nothing else of the library.
 */
package dev.circuitscope.core.array;
