package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;
import dev.circuitscope.toymodels.kernels.CounterRandom;

/**
 * Some rows of a block of samples to be drawn: those of all features, or of one group of them.
 *
 * @param stream names the random numbers; a channel has a key of its own in it
 * @param first index in the stream of the block's first sample
 * @param row of the first feature
 * @param features how many rows
 */
record SampleBlock(
    BlockKernels kernels, Block block, long stream, int first, int row, int features) {

  static SampleBlock of(BlockKernels kernels, Block block, long stream, int first) {
    return new SampleBlock(kernels, block, stream, first, 0, block.rows());
  }

  /** The rows of one group of features, with random numbers of their own. */
  SampleBlock group(int index, int from, int count) {
    long own = SampleRandom.groupStream(stream, index);
    return new SampleBlock(kernels, block, own, first, row + from, count);
  }

  /** Draws a feature from its own channel, as {@link SampleRandom#sparse} does. */
  void sparse(int feature, double p) {
    sparse(feature, feature, p);
  }

  void sparse(int feature, int channel, double p) {
    long key = CounterRandom.key(stream, channel);
    kernels.sparseUniform(key, first, (float) p, block, row + feature);
  }

  SampleRandom random(int sample) {
    return new SampleRandom(stream, first + sample);
  }

  /** Where a feature's samples begin in {@link #values}. */
  int at(int feature) {
    return (row + feature) * Block.WIDTH;
  }

  float[] values() {
    return block.values();
  }
}
