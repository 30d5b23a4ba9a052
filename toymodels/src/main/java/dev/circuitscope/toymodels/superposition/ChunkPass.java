package dev.circuitscope.toymodels.superposition;

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
 * <p>Not thread-safe; a thread needs one of its own.
 */
final class ChunkPass {

  /** From this share of empty samples on, leaving them out costs less than it saves. */
  private static final double WORTH_SKIPPING = 0.3;

  private final BlockKernels kernels;
  private final SparseFeatures data;
  private final boolean skipsEmpty;
  private final Block x;
  private final Block z;
  private final Block h;
  private final Block dh;
  private final float[] active = new float[Block.WIDTH];
  private final int[] kept = new int[Block.WIDTH];

  /** Of W [hidden, features], then b [features], then twice the loss; lanes() numbers each. */
  final float[] sums;

  ChunkPass(BlockKernels kernels, SparseFeatures data, int hidden) {
    this.kernels = kernels;
    this.data = data;
    this.skipsEmpty = data.emptyShare() > WORTH_SKIPPING;
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
    int live = forward(w, output, stream, first, samples);
    kernels.encode(w, z, dh, live);
    kernels.outer(h, dh, x, z, live, sums);
    addEmpty(output, w.length, samples - live);
  }

  /** As {@link #run}, but computes the loss alone. Returns the loss. */
  double loss(float[] w, BlockKernels.Output output, long stream, int first, int samples) {
    int live = forward(w, output, stream, first, samples);
    addEmpty(output, w.length, samples - live);
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

  private int forward(
      float[] w, BlockKernels.Output output, long stream, int first, int samples) {
    data.fill(kernels, stream, first, x);
    int live = skipsEmpty ? dropEmpty(samples) : samples;
    x.clear(live, kernels.padded(live));
    kernels.encode(w, x, h, live);
    kernels.decode(w, h, z, live);
    kernels.residual(output, x, z, live, sums, w.length);
    return live;
  }

  /** Closes the gaps that samples without any active feature leave; returns how many remain. */
  private int dropEmpty(int samples) {
    float[] xs = x.values();
    System.arraycopy(xs, 0, active, 0, samples);
    for (int i = 1; i < x.rows(); i++) {
      for (int s = 0; s < samples; s++) {
        active[s] += xs[i * Block.WIDTH + s];
      }
    }
    int live = 0;
    for (int s = 0; s < samples; s++) {
      kept[live] = s;
      live += active[s] > 0 ? 1 : 0;
    }
    for (int i = 0; i < x.rows(); i++) {
      int row = i * Block.WIDTH;
      for (int s = 0; s < live; s++) {
        xs[row + s] = xs[row + kept[s]];
      }
    }
    return live;
  }

  /** Adds samples with x = 0, for which h = 0 and y = f(b), to the gradient of b and to the loss. */
  private void addEmpty(BlockKernels.Output output, int biasAt, int count) {
    if (count == 0) {
      return;
    }
    int lanes = kernels.lanes();
    int loss = (biasAt + x.rows()) * lanes;
    for (int i = 0; i < x.rows(); i++) {
      float bias = output.bias()[i];
      if (!(bias <= output.floor())) {
        sums[(biasAt + i) * lanes] += count * output.scale()[i] * bias;
        sums[loss] += count * output.scale()[i] * bias * bias;
      }
    }
  }
}
