package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Scratch;

/** RMSNorm's trained scale, y = x w, which TransformerLens applies after hook_normalized. */
final class Gain {

  private final float[] w;

  Gain(float[] w) {
    this.w = w;
  }

  /** y = x w for n rows. */
  void forward(FloatBlock x, FloatBlock y, int first, int n) {
    int d = w.length;
    float[] tile = Scratch.tile(0, n * d);
    x.read(first * d, tile, 0, n * d);
    for (int row = 0; row < n * d; row += d) {
      for (int i = 0; i < d; i++) {
        tile[row + i] *= w[i];
      }
    }
    y.write(first * d, tile, 0, n * d);
  }

  /** dx = dy w for n rows. */
  void inputGradient(FloatBlock dy, FloatBlock dx, int first, int n) {
    forward(dy, dx, first, n);
  }

  /** dw = sum over rows of dy x, from n rows: added to {@code sums} from {@code at} on. */
  void weightGradient(FloatBlock x, FloatBlock dy, int first, int n, float[] sums, int at) {
    int d = w.length;
    float[] tile = Scratch.tile(0, n * d);
    float[] gradient = Scratch.tile(1, n * d);
    x.read(first * d, tile, 0, n * d);
    dy.read(first * d, gradient, 0, n * d);
    for (int row = 0; row < n * d; row += d) {
      for (int i = 0; i < d; i++) {
        sums[at + i] += gradient[row + i] * tile[row + i];
      }
    }
  }
}
