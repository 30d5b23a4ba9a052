package dev.circuitscope.core.model;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Scratch;

/**
 * Normalisation of rows: y = (x - mean x) / scale * w + b with scale = sqrt(var x + eps). Without
 * weights (LNPre) w is 1 and b is 0. RMSNorm does not centre: its mean is taken for 0, and it has
 * no b.
 */
final class LayerNorm {

  private static final Kernels KERNELS = Kernels.best();

  private final int d;
  private final float eps;
  private final boolean centres;
  private final float[] w;
  private final float[] b;

  private LayerNorm(int d, double eps, boolean centres, float[] w, float[] b) {
    this.d = d;
    this.eps = (float) eps;
    this.centres = centres;
    this.w = w;
    this.b = b;
  }

  /** Of the residual stream. */
  static LayerNorm of(TransformerConfig config, Weights weights, String name) {
    Normalization kind = config.normalization();
    return new LayerNorm(
        config.dModel(),
        config.eps(),
        kind.centres(),
        kind.hasWeights() ? weights.vector(name + ".w") : null,
        kind.hasOffset() ? weights.vector(name + ".b") : null);
  }

  /** Of solu_ln's neurons: it centres whatever the model's other normalisations do. */
  static LayerNorm ofNeurons(TransformerConfig config, Weights weights, String name) {
    boolean weighted = config.neuronNormWeights();
    return new LayerNorm(
        config.mlp().orElseThrow().dMlp(),
        config.eps(),
        true,
        weighted ? weights.vector(name + ".w") : null,
        weighted ? weights.vector(name + ".b") : null);
  }

  /** The same up to its weights. */
  LayerNorm withoutWeights() {
    return new LayerNorm(d, eps, centres, null, null);
  }

  /** scale = sqrt(mean (x - mean x)^2 + eps) of n rows. */
  void scale(FloatBlock x, FloatBlock scale, int first, int n) {
    float[] tile = Scratch.tile(0, n * d);
    float[] scales = Scratch.tile(1, n);
    x.read(first * d, tile, 0, n * d);
    for (int r = 0; r < n; r++) {
      centre(tile, r * d);
      scales[r] = standardDeviation(tile, r * d);
    }
    scale.write(first, scales, 0, n);
  }

  /** {@link #scale} and {@link #normalize} in one go, for n rows. */
  void scaleAndNormalize(FloatBlock x, FloatBlock scale, FloatBlock y, int first, int n) {
    float[] tile = Scratch.tile(0, n * d);
    float[] scales = Scratch.tile(1, n);
    x.read(first * d, tile, 0, n * d);
    for (int r = 0; r < n; r++) {
      centre(tile, r * d);
      scales[r] = standardDeviation(tile, r * d);
      rescale(tile, r * d, 1 / scales[r]);
    }
    scale.write(first, scales, 0, n);
    y.write(first * d, tile, 0, n * d);
  }

  /** y = (x - mean x) / scale * w + b of n rows, with the scale as given. */
  void normalize(FloatBlock x, FloatBlock scale, FloatBlock y, int first, int n) {
    float[] tile = Scratch.tile(0, n * d);
    float[] scales = Scratch.tile(1, n);
    x.read(first * d, tile, 0, n * d);
    scale.read(first, scales, 0, n);
    for (int r = 0; r < n; r++) {
      int row = r * d;
      centre(tile, row);
      rescale(tile, row, 1 / scales[r]);
    }
    y.write(first * d, tile, 0, n * d);
  }

  /**
   * The gradient of the scale, d scale = -sum_i dxhat_i xhat_i / scale with xhat = (x - mean x) /
   * scale and dxhat = dy w, of n rows.
   */
  void scaleGradient(
      FloatBlock x, FloatBlock scale, FloatBlock dy, FloatBlock dScale, int first, int n) {
    float[] tile = Scratch.tile(0, n * d);
    float[] gradient = Scratch.tile(1, n * d);
    float[] scales = Scratch.tile(2, n);
    x.read(first * d, tile, 0, n * d);
    dy.read(first * d, gradient, 0, n * d);
    scale.read(first, scales, 0, n);
    for (int r = 0; r < n; r++) {
      int row = r * d;
      centre(tile, row);
      timesWeights(gradient, row);
      float inverse = 1 / scales[r];
      scales[r] = -KERNELS.dot(gradient, row, tile, row, d) * inverse * inverse;
    }
    dScale.write(first, scales, 0, n);
  }

  /**
   * dx += c - mean c with c = dxhat / scale + d scale (x - mean x) / (D s), s the scale that x has
   * by itself, of n rows. Adds to what dx holds.
   */
  void inputGradient(Gradients g, FloatBlock dx, int first, int n) {
    float[] tile = Scratch.tile(0, n * d);
    float[] gradient = Scratch.tile(1, n * d);
    float[] scales = Scratch.tile(2, 2 * n);
    g.x.read(first * d, tile, 0, n * d);
    g.dy.read(first * d, gradient, 0, n * d);
    g.scale.read(first, scales, 0, n);
    g.dScale.read(first, scales, n, n);
    for (int r = 0; r < n; r++) {
      int row = r * d;
      centre(tile, row);
      timesWeights(gradient, row);
      float inverse = 1 / scales[r];
      float perCentred = scales[n + r] / (d * standardDeviation(tile, row));
      throughScale(tile, gradient, row, inverse, perCentred);
    }
    add(gradient, dx, first * d, n * d, tile);
  }

  /**
   * {@link #scaleGradient}, {@link #inputGradient} and {@link #weightGradient} in one go, for n
   * rows whose scale is the one that x has by itself.
   *
   * @param sums as for the weights' gradient; null where there are none to sum
   */
  void gradient(Gradients g, FloatBlock dx, int first, int n, float[] sums, int at) {
    float[] tile = Scratch.tile(0, n * d);
    float[] gradient = Scratch.tile(1, n * d);
    float[] scales = Scratch.tile(2, n);
    g.x.read(first * d, tile, 0, n * d);
    g.dy.read(first * d, gradient, 0, n * d);
    g.scale.read(first, scales, 0, n);
    for (int r = 0; r < n; r++) {
      int row = r * d;
      float inverse = 1 / scales[r];
      centre(tile, row);
      if (sums != null) {
        addWeightGradient(tile, gradient, row, inverse, sums, at);
      }
      timesWeights(gradient, row);
      float dScale = -KERNELS.dot(gradient, row, tile, row, d) * inverse * inverse;
      throughScale(tile, gradient, row, inverse, dScale * inverse / d);
      scales[r] = dScale;
    }
    g.dScale.write(first, scales, 0, n);
    add(gradient, dx, first * d, n * d, tile);
  }

  /** What the input's gradient is made of: x and scale as forward, dy and dScale as backward. */
  record Gradients(FloatBlock x, FloatBlock scale, FloatBlock dy, FloatBlock dScale) {}

  /**
   * dw = sum over n rows of dy xhat, added to {@code sums} from {@code at} on, and db = sum over
   * them of dy, after it.
   */
  void weightGradient(Gradients g, int first, int n, float[] sums, int at) {
    float[] tile = Scratch.tile(0, n * d);
    float[] gradient = Scratch.tile(1, n * d);
    float[] scales = Scratch.tile(2, n);
    g.x.read(first * d, tile, 0, n * d);
    g.dy.read(first * d, gradient, 0, n * d);
    g.scale.read(first, scales, 0, n);
    for (int r = 0; r < n; r++) {
      int row = r * d;
      centre(tile, row);
      addWeightGradient(tile, gradient, row, 1 / scales[r], sums, at);
    }
  }

  /** From centred x to the outcome, with what x is divided by turned over. */
  private void rescale(float[] centred, int row, float inverse) {
    if (w == null) {
      for (int i = 0; i < d; i++) {
        centred[row + i] *= inverse;
      }
    } else if (b == null) {
      for (int i = 0; i < d; i++) {
        centred[row + i] = centred[row + i] * inverse * w[i];
      }
    } else {
      for (int i = 0; i < d; i++) {
        centred[row + i] = centred[row + i] * inverse * w[i] + b[i];
      }
    }
  }

  /** From dxhat to the gradient of x, both in {@code gradient}. */
  private void throughScale(
      float[] centred, float[] gradient, int row, float inverse, float perCentred) {
    for (int i = 0; i < d; i++) {
      gradient[row + i] = gradient[row + i] * inverse + centred[row + i] * perCentred;
    }
    centre(gradient, row);
  }

  private void addWeightGradient(
      float[] centred, float[] gradient, int row, float inverse, float[] sums, int at) {
    for (int i = 0; i < d; i++) {
      sums[at + i] += gradient[row + i] * (centred[row + i] * inverse);
    }
    for (int i = 0; i < d; i++) {
      sums[at + d + i] += gradient[row + i];
    }
  }

  private static void add(float[] terms, FloatBlock to, int from, int n, float[] spare) {
    to.read(from, spare, 0, n);
    for (int i = 0; i < n; i++) {
      spare[i] += terms[i];
    }
    to.write(from, spare, 0, n);
  }

  private void centre(float[] x, int from) {
    if (!centres) {
      return;
    }
    float mean = KERNELS.sum(x, from, d) / d;
    for (int i = 0; i < d; i++) {
      x[from + i] -= mean;
    }
  }

  private float standardDeviation(float[] centred, int from) {
    return (float) Math.sqrt(KERNELS.dot(centred, from, centred, from, d) / d + eps);
  }

  private void timesWeights(float[] gradient, int from) {
    if (w != null) {
      for (int i = 0; i < d; i++) {
        gradient[from + i] *= w[i];
      }
    }
  }

  int width() {
    return d;
  }

  boolean hasWeights() {
    return w != null;
  }

  boolean hasOffset() {
    return b != null;
  }
}
