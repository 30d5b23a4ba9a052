package dev.circuitscope.toymodels.superposition;

import dev.circuitscope.core.array.Kernels;

/**
 * The loops over a block of samples that a training step is made of.
 *
 * <p>Two implementations, which agree to rounding: a plain one, and one on {@code
 * jdk.incubator.vector}, chosen whenever the library's {@link Kernels} are vectorised.
 *
 * <p>Sums over samples are left in {@link #lanes} partial sums per quantity, at {@code sums[q *
 * lanes() + lane]}. The caller adds them in a fixed order: a vector's own reduction may add in
 * another order once it is compiled, and the same training would then end in other bits.
 */
interface BlockKernels {

  /** The implementation that goes with {@link Kernels#best}. */
  static BlockKernels best() {
    return Kernels.best() == Kernels.plain() ? new PlainBlockKernels() : new VectorBlockKernels();
  }

  /** Partial sums per quantity. */
  int lanes();

  /** The number of columns that kernels touch when {@code samples} are asked for. */
  int padded(int samples);

  /**
   * x_s = max(0, 1 - u_s / p) for s = 0 to the block's width: 0 with probability 1 - p, else
   * uniform on [0, 1]. One random number, no branch.
   *
   * @param key names the stream
   * @param first index in the stream of the block's first sample
   */
  void sparseUniform(long key, int first, float p, Block x, int row);

  /** out = W in, [hidden, samples], for W [hidden, features]. */
  void encode(float[] w, Block in, Block out, int samples);

  /** out = W^T in, [features, samples], for W [hidden, features]. */
  void decode(float[] w, Block in, Block out, int samples);

  /**
   * From z = W^T h to the gradient of the loss with respect to z + b, in place: with y = f(z + b)
   * and g_i = c_i (y_i - x_i), z becomes g where f passes gradient and 0 elsewhere.
   *
   * @param sums at quantity {@code at + i}: sum_s of the gradient, which is the bias's; at quantity
   *     {@code at + features}: sum_{i,s} g_i (y_i - x_i), twice the loss
   */
  void residual(Output output, Block x, Block z, int samples, float[] sums, int at);

  /** sums[k * features + i] = sum_s dh_k x_i + h_k g_i: the gradient of W. */
  void outer(Block h, Block dh, Block x, Block g, int samples, float[] sums);

  /**
   * The last layer as {@link #residual} needs it.
   *
   * @param floor pre-activations at or below this become 0
   * @param bias b [features]
   * @param scale c [features], twice the weight of a squared error in the loss
   */
  record Output(float floor, float[] bias, float[] scale) {}
}
