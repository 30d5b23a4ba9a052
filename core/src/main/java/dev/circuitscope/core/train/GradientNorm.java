package dev.circuitscope.core.train;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.model.Weights;

/** The Euclidean norm of the gradient of all parameters together. */
public final class GradientNorm {

  private static final Kernels KERNELS = Kernels.best();
  private static final int TILE = 1 << 14;

  private GradientNorm() {}

  /**
   * sqrt(sum of g^2).
   *
   * @param gradients one number for each parameter; not modified
   * @return the norm; finite exactly if every gradient is
   */
  public static double of(Weights gradients) {
    FloatBlock block = gradients.block();
    double[] sums = new double[(block.length() + TILE - 1) / TILE];
    Parallel.forEach(
        sums.length,
        i -> sums[i] = squares(block, i * TILE, Math.min(TILE, block.length() - i * TILE)));
    double sum = 0;
    for (double s : sums) {
      sum += s;
    }
    return Math.sqrt(sum);
  }

  private static double squares(FloatBlock block, int from, int n) {
    float[] g = Scratch.tile(0, n);
    block.read(from, g, 0, n);
    double fast = KERNELS.dot(g, 0, g, 0, n);
    if (Double.isFinite(fast)) {
      return fast;
    }
    // The squares of finite floats above 1e19 overflow a float, not a double.
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) g[i] * g[i];
    }
    return sum;
  }
}
