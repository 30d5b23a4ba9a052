package dev.circuitscope.toymodels.kernels;

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
public interface BlockKernels {

  /**
   * The implementation that goes with {@link Kernels#best}.
   *
   * @return vectorised or plain
   */
  static BlockKernels best() {
    if (Kernels.best() == Kernels.plain()) {
      return plain();
    }
    // By name, so that nothing that reads this interface needs the incubator module.
    try {
      return (BlockKernels)
          Class.forName(BlockKernels.class.getPackageName() + ".vector.VectorBlockKernels")
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the vector kernels are missing from this build", e);
    }
  }

  /**
   * The implementation without vector instructions.
   *
   * @return plain kernels
   */
  static BlockKernels plain() {
    return new PlainBlockKernels();
  }

  /**
   * Partial sums per quantity.
   *
   * @return at least 1
   */
  int lanes();

  /**
   * The number of columns that kernels touch.
   *
   * @param samples that are asked for
   * @return at least as many
   */
  int padded(int samples);

  /**
   * x_s = max(0, 1 - u_s / p) for s = 0 to the block's width: 0 with probability 1 - p, else
   * uniform on [0, 1]. One random number, no branch.
   *
   * @param key names the stream
   * @param first index in the stream of the block's first sample
   * @param p how often a feature is not zero
   * @param x overwritten in one row
   * @param row which
   */
  void sparseUniform(long key, int first, float p, Block x, int row);

  /**
   * out = W in.
   *
   * @param w W [hidden, features]
   * @param in [features, samples]
   * @param out [hidden, samples], overwritten
   * @param samples how many columns count
   */
  void encode(float[] w, Block in, Block out, int samples);

  /**
   * out = W^T in.
   *
   * @param w W [hidden, features]
   * @param in [hidden, samples]
   * @param out [features, samples], overwritten
   * @param samples how many columns count
   */
  void decode(float[] w, Block in, Block out, int samples);

  /**
   * h = max(0, h), in place. NaN stays NaN.
   *
   * @param h [hidden, samples]
   * @param samples how many columns count
   */
  void relu(Block h, int samples);

  /**
   * The gradient behind {@link #relu}: dh = 0 where h = 0, in place.
   *
   * @param h what {@link #relu} made, [hidden, samples]
   * @param dh gradient of h, overwritten
   * @param samples how many columns count
   */
  void reluGradient(Block h, Block dh, int samples);

  /**
   * From z = W^T h to the gradient of the loss with respect to z + b, in place: with y = f(z + b)
   * and g_i = c_i (y_i - x_i), z becomes g where f passes gradient and 0 elsewhere.
   *
   * @param output the last layer
   * @param x what y ought to be, [features, samples]
   * @param z [features, samples], overwritten
   * @param samples how many columns count
   * @param sums at quantity {@code at + i}: sum_s of the gradient, which is the bias's; at quantity
   *     {@code at + features}: sum_{i,s} g_i (y_i - x_i), twice the loss
   * @param at the first quantity
   */
  void residual(Output output, Block x, Block z, int samples, float[] sums, int at);

  /**
   * sums[k * features + i] = sum_s dh_k x_i + h_k g_i: the gradient of a W that is both encoder and
   * decoder.
   *
   * @param h [hidden, samples]
   * @param dh its gradient
   * @param x [features, samples]
   * @param g gradient of W^T h
   * @param samples how many columns count
   * @param sums receives the partial sums
   */
  void outer(Block h, Block dh, Block x, Block g, int samples, float[] sums);

  /**
   * sums[at + r * columns + c] = sum_s a_r b_c: the gradient of a layer's own weights.
   *
   * @param a gradient of the layer's output, [rows, samples]
   * @param b the layer's input, [columns, samples]
   * @param samples how many columns count
   * @param sums receives the partial sums
   * @param at the first quantity
   */
  void outer(Block a, Block b, int samples, float[] sums, int at);

  /**
   * The residual of samples {@code from} to {@code to - 1}, added to the first lane of quantities
   * that lie {@code lanes} apart from {@code sums[at]} on. What both implementations do with
   * samples that fill no vector.
   *
   * @param output the last layer
   * @param x [features, samples]
   * @param z [features, samples], overwritten in these columns
   * @param from first sample
   * @param to the sample behind the last
   * @param sums added to
   * @param at where the first quantity is
   * @param lanes how far apart quantities are
   */
  static void addResidual(
      Output output, Block x, Block z, int from, int to, float[] sums, int at, int lanes) {
    float[] xs = x.values();
    float[] zs = z.values();
    float loss = 0;
    for (int i = 0; i < x.rows(); i++) {
      float bias = output.bias()[i];
      float scale = output.scale()[i];
      float total = 0;
      for (int s = i * Block.WIDTH + from; s < i * Block.WIDTH + to; s++) {
        float pre = zs[s] + bias;
        boolean off = pre <= output.floor();
        float difference = (off ? 0f : pre) - xs[s];
        float g = scale * difference;
        zs[s] = off ? 0f : g;
        total += zs[s];
        loss += g * difference;
      }
      sums[at + i * lanes] += total;
    }
    sums[at + x.rows() * lanes] += loss;
  }

  /**
   * The last layer as {@link #residual} needs it.
   *
   * @param floor pre-activations at or below this become 0
   * @param bias b [features]
   * @param scale c [features], twice the weight of a squared error in the loss
   */
  record Output(float floor, float[] bias, float[] scale) {}
}
