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

  private final int size;

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
    this.size = lossAt + kernels.lanes();
  }

  /** Room for the sums of one block, in the kernels' layout; those of several can be added. */
  float[] newSums() {
    return new float[size];
  }

  /** Leaves the sums over the samples of a block. */
  void run(Weights w, BlockKernels.Output output, Samples of, float[] sums) {
    forward(w, output, of, sums);
    int samples = of.count();
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

  /** As {@link #run}, but leaves only the sums that the loss needs. */
  void forward(Weights w, BlockKernels.Output output, Samples of, float[] sums) {
    int samples = of.count();
    data.fill(probability, SampleBlock.of(kernels, x, of.stream(), of.first()));
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

  /** The loss in the sums of a block or of several. */
  double lossOf(float[] sums) {
    double twice = 0;
    for (int lane = lossAt; lane < sums.length; lane++) {
      twice += sums[lane];
    }
    return twice / 2;
  }

  /** Overwrites {@code gradient} with that in the sums of a block or of several. */
  void gradientOf(float[] sums, Weights gradient) {
    int features = x.rows();
    int hidden = h.rows();
    kernels.gather(sums, 0, hidden, features, gradient.encoder());
    if (!architecture.isTied()) {
      kernels.gather(sums, decoderAt, features, hidden, gradient.decoder());
    }
    kernels.addLanes(sums, biasAt, features, gradient.bias());
  }

  /**
   * The samples of one block.
   *
   * @param stream they are from
   * @param first index in the stream
   * @param count up to {@link Block#WIDTH}
   */
  record Samples(long stream, int first, int count) {}
}
