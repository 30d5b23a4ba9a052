package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.toymodels.kernels.Block;
import dev.circuitscope.toymodels.kernels.BlockKernels;

/**
 * Data, forward and backward pass of one block of samples, in one go.
 *
 * <p>With h = r(W1 x), z = W2 h + b, y = f(z) and L = sum_{s,i} w_i (y_i - t_i)^2, where r is a
 * ReLU or nothing and the target t is x or |x|:
 *
 * <pre>
 *   g  = dL/dz = 2 w (y - t) f'(z)
 *   dL/db = sum_s g
 *   dh = dL/d(W1 x) = r'(h) W2^T g
 *   dL/dW1 = sum_s dh x^T,  dL/dW2 = sum_s g h^T
 *   dL/dW  = sum_s dh x^T + h g^T      (W1 = W, W2 = W^T)
 * </pre>
 *
 * <p>Samples without any active feature are not left out: finding them and closing the gaps costs
 * more than the arithmetic on them until nearly all are empty and m is 20 or more.
 *
 * <p>Not thread-safe; a thread needs one of its own.
 */
final class ChunkPass {

  private final BlockKernels kernels;
  private final ToyArchitecture architecture;
  private final BlockDistribution data;
  private final double probability;
  private final Block x;
  private final Block target;
  private final Block z;
  private final Block h;
  private final Block dh;

  /** Where the sums of the second matrix, of b and of twice the loss begin. */
  private final int decoderAt;

  private final int biasAt;
  private final int lossAt;

  /** Partial sums of the last block, in the kernels' layout; the same length for equal shapes. */
  final float[] sums;

  ChunkPass(
      BlockKernels kernels,
      ToyArchitecture architecture,
      FeatureDistribution distribution,
      double probability,
      Weights shapes) {
    int features = shapes.bias().length;
    int hidden = shapes.encoder().length / features;
    this.kernels = kernels;
    this.architecture = architecture;
    this.data = BlockDistribution.of(distribution);
    this.probability = probability;
    this.x = Block.of(features);
    this.target = architecture == ToyArchitecture.ABSOLUTE_VALUE ? Block.of(features) : x;
    this.z = Block.of(features);
    this.h = Block.of(hidden);
    this.dh = Block.of(hidden);
    this.decoderAt = kernels.outerSize(hidden, features);
    this.biasAt = decoderAt + (architecture.isTied() ? 0 : kernels.outerSize(features, hidden));
    this.lossAt = biasAt + features * kernels.lanes();
    this.sums = new float[lossAt + kernels.lanes()];
  }

  /** Computes the sums over samples {@code first} to {@code first + samples - 1} of a stream. */
  void run(Weights w, BlockKernels.Output output, long stream, int first, int samples) {
    forward(w, output, stream, first, samples);
    if (architecture.isTied()) {
      kernels.encode(w.encoder(), z, dh, samples);
      gateHidden(samples);
      kernels.outer(h, dh, x, z, samples, sums);
    } else {
      kernels.decode(w.decoder(), z, dh, samples);
      gateHidden(samples);
      kernels.outer(dh, x, samples, sums, 0);
      kernels.outer(z, h, samples, sums, decoderAt);
    }
  }

  /** As {@link #run}, but computes the loss alone. Returns the loss. */
  double loss(Weights w, BlockKernels.Output output, long stream, int first, int samples) {
    forward(w, output, stream, first, samples);
    return lossOf(sums);
  }

  /** The loss in {@link #sums}, or in a total of several. */
  double lossOf(float[] total) {
    double twice = 0;
    for (int lane = lossAt; lane < total.length; lane++) {
      twice += total[lane];
    }
    return twice / 2;
  }

  /** The gradient in {@link #sums}, or in a total of several, in the order of {@link Weights}. */
  void gradientOf(float[] total, float[] gradient) {
    int features = x.rows();
    int hidden = h.rows();
    kernels.gather(total, 0, hidden, features, gradient, 0);
    if (!architecture.isTied()) {
      kernels.gather(total, decoderAt, features, hidden, gradient, hidden * features);
    }
    kernels.addLanes(total, biasAt, features, gradient, gradient.length - features);
  }

  private void forward(Weights w, BlockKernels.Output output, long stream, int first, int samples) {
    data.fill(probability, SampleBlock.of(kernels, x, stream, first));
    kernels.encode(w.encoder(), x, h, samples);
    if (architecture.hasHiddenRelu()) {
      kernels.relu(h, samples);
    }
    if (architecture.isTied()) {
      kernels.decode(w.encoder(), h, z, samples);
    } else {
      kernels.encode(w.decoder(), h, z, samples);
    }
    if (target != x) {
      for (int i = 0; i < x.values().length; i++) {
        target.values()[i] = Math.abs(x.values()[i]);
      }
    }
    kernels.residual(output, target, z, samples, sums, biasAt);
  }

  private void gateHidden(int samples) {
    if (architecture.hasHiddenRelu()) {
      kernels.reluGradient(h, dh, samples);
    }
  }
}
