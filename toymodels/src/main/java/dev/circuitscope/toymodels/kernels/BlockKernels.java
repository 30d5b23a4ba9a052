package dev.circuitscope.toymodels.kernels;

import dev.circuitscope.core.array.Kernels;
import java.util.Arrays;

/**
 * The loops over a block of samples that a training step is made of.
 *
 * <p>Two implementations, which agree to rounding: a plain one, and one on {@code
 * jdk.incubator.vector}, chosen whenever the library's {@link Kernels} are vectorised.
 *
 * <p>Sums over samples are left in {@link #lanes} partial sums per quantity, those of quantity q
 * from {@code at + q * lanes()} on, unless an implementation has a better layout for a matrix of
 * them ({@link #outerSize}). The caller adds up the partial sums of blocks, and at last those of a
 * quantity ({@link #gather}), in a fixed order: a vector's own reduction may add in another order
 * once it is compiled, and the same training would then end in other bits.
 *
 * <p>Not thread-safe: kernels have memory of their own for what they do within one call.
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
   * @return a power of two, at least 4
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
   * @param sums quantity i: sum_s of the gradient, which is the bias's; quantity {@code features}:
   *     sum_{i,s} g_i (y_i - x_i), twice the loss
   * @param at where the first quantity is
   */
  void residual(Output output, Block x, Block z, int samples, float[] sums, int at);

  /**
   * How many numbers the sums of an outer product take.
   *
   * @param rows of its result
   * @param columns of its result
   * @return the numbers, whose meaning only {@link #gather} needs to know
   */
  default int outerSize(int rows, int columns) {
    return rows * columns * lanes();
  }

  /**
   * sum_s dh_k x_i + h_k g_i for every k and i: the gradient of a W that is both encoder and
   * decoder.
   *
   * @param h [hidden, samples]
   * @param dh its gradient
   * @param x [features, samples]
   * @param g gradient of W^T h
   * @param samples how many columns count
   * @param sums receives the sums from its beginning on
   */
  void outer(Block h, Block dh, Block x, Block g, int samples, float[] sums);

  /**
   * sum_s a_r b_c for every r and c: the gradient of a layer's own weights.
   *
   * @param a gradient of the layer's output, [rows, samples]
   * @param b the layer's input, [columns, samples]
   * @param samples how many columns count
   * @param sums receives the sums
   * @param at from here on
   */
  void outer(Block a, Block b, int samples, float[] sums, int at);

  /**
   * Makes a matrix of the sums of an outer product, or of the total of those of several blocks.
   *
   * @param sums what {@link #outer(Block, Block, int, float[], int)} left
   * @param at from here on
   * @param rows of the matrix
   * @param columns of the matrix
   * @param matrix row after row, overwritten
   */
  default void gather(float[] sums, int at, int rows, int columns, float[] matrix) {
    addLanes(sums, at, rows * columns, matrix);
  }

  /**
   * Adds up the partial sums of quantities.
   *
   * @param sums {@link #lanes} numbers for each
   * @param at where the first quantity is
   * @param count how many quantities
   * @param to overwritten in its first numbers
   */
  default void addLanes(float[] sums, int at, int count, float[] to) {
    int lanes = lanes();
    Arrays.fill(to, 0, count, 0f);
    for (int lane = at; lane < at + lanes; lane += 4) {
      for (int q = 0; q < count; q++) {
        int i = lane + q * lanes;
        to[q] += (sums[i] + sums[i + 1]) + (sums[i + 2] + sums[i + 3]);
      }
    }
  }

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
