package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;

/**
 * Data, forward and backward pass of one block of samples, in one go.
 *
 * <p>With h = W x, z = W^T h + b, y = f(z) and L = sum_{s,i} w_i (y_i - x_i)^2:
 *
 * <pre>
 *   g  = dL/dz = 2 w (y - x) f'(z)
 *   dL/db = sum_s g
 *   dh = dL/dh = W g
 *   dL/dW = sum_s dh x^T + h g^T      (encoder and decoder share W)
 * </pre>
 *
 * <p>Samples without any active feature are not left out: finding them and closing the gaps costs
 * more than the arithmetic on them until nearly all are empty and m is 20 or more.
 *
 * <p>Not thread-safe; a thread needs one of its own.
 */
final class ChunkPass {

  private final BlockKernels kernels;
  private final SparseFeatures data;
  private final Block x;
  private final Block z;
  private final Block h;
  private final Block dh;

  /** Of W [hidden, features], then b [features], then twice the loss; lanes() numbers each. */
  final float[] sums;

  ChunkPass(BlockKernels kernels, SparseFeatures data, int hidden) {
    this.kernels = kernels;
    this.data = data;
    this.x = Block.of(data.features());
    this.z = Block.of(data.features());
    this.h = Block.of(hidden);
    this.dh = Block.of(hidden);
    this.sums = new float[quantities(data.features(), hidden) * kernels.lanes()];
  }

  static int quantities(int features, int hidden) {
    return features * hidden + features + 1;
  }

  /** Computes the sums over samples {@code first} to {@code first + samples - 1} of a stream. */
  void run(float[] w, BlockKernels.Output output, long stream, int first, int samples) {
    forward(w, output, stream, first, samples);
    kernels.encode(w, z, dh, samples);
    kernels.outer(h, dh, x, z, samples, sums);
  }

  /** As {@link #run}, but computes the loss alone. Returns the loss. */
  double loss(float[] w, BlockKernels.Output output, long stream, int first, int samples) {
    forward(w, output, stream, first, samples);
    return lossOf(sums, kernels.lanes());
  }

  /** The loss in {@code sums}, or in a total of several. */
  static double lossOf(float[] sums, int lanes) {
    double twice = 0;
    for (int lane = sums.length - lanes; lane < sums.length; lane++) {
      twice += sums[lane];
    }
    return twice / 2;
  }

  private void forward(float[] w, BlockKernels.Output output, long stream, int first, int samples) {
    data.fill(kernels, stream, first, x);
    kernels.encode(w, x, h, samples);
    kernels.decode(w, h, z, samples);
    kernels.residual(output, x, z, samples, sums, w.length);
  }
}
