package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import dev.circuitscope.toymodels.kernels.CounterRandom;

/**
 * Independent features: x_i is 0 with probability 1 - p, else uniform on [0, 1]. The sample is a
 * pure function of the stream's key, its own index and the feature.
 */
record SparseFeatures(int features, float probability) {

  /** Fills a whole block with the samples {@code first}, {@code first + 1}, ... of a stream. */
  void fill(BlockKernels kernels, long key, int first, Block x) {
    for (int i = 0; i < features; i++) {
      kernels.sparseUniform(CounterRandom.key(key, i), first, probability, x, i);
    }
  }
}
