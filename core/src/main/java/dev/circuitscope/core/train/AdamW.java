package dev.circuitscope.core.train;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * AdamW: Adam with weight decay that does not pass through the moments (Loshchilov and Hutter 2019,
 * Algorithm 2). The paper's decay per step is here the step's learning rate times {@link
 * AdamWConfig#weightDecay}, as in PyTorch.
 *
 * <p>For a training loop of one's own; {@link Trainer} has one.
 *
 * <pre>{@code
 * AdamW adam = new AdamW(AdamWConfig.of(1e-3), model.config());
 * Weights gradients = Weights.zeros(model.config());
 * model.lossAndGradients(tokens, gradients);
 * adam.update(model.weights(), gradients, GradientNorm.of(gradients), 1e-3);
 * }</pre>
 */
public final class AdamW {

  private static final Kernels KERNELS = Kernels.best();

  private final AdamWConfig config;
  private final TransformerConfig shape;
  private final List<Tile> tiles;
  private final float[] m;
  private final float[] v;
  private long updates;

  /** A run of parameters that decay or do not; the unit of parallel work. */
  private record Tile(int from, int length, boolean decays) {
    static final int LENGTH = 1 << 14;
  }

  /** What one update multiplies with. */
  private record Coefficients(
      float gradient, float m, float v, float keep, float rate, float root, float eps) {}

  /**
   * An optimiser that has made no update.
   *
   * @param config its constants
   * @param shape whose parameters it updates
   */
  public AdamW(AdamWConfig config, TransformerConfig shape) {
    Weights zeros = Weights.zeros(shape);
    this.config = config;
    this.shape = shape;
    this.tiles = tiles(zeros.layout().parameters());
    this.m = new float[zeros.layout().length()];
    this.v = new float[zeros.layout().length()];
  }

  /** Continues after a number of updates with the moments that they left. */
  static AdamW restore(
      AdamWConfig config, TransformerConfig shape, Weights first, Weights second, long updates) {
    AdamW adam = new AdamW(config, shape);
    first.block().read(0, adam.m, 0, adam.m.length);
    second.block().read(0, adam.v, 0, adam.v.length);
    adam.updates = updates;
    return adam;
  }

  /**
   * Makes one update.
   *
   * @param weights modified
   * @param gradients of the loss with respect to them; not modified
   * @param gradientNorm their norm, {@link GradientNorm#of}; decides whether they are clipped
   * @param learningRate of this update
   * @return the norm of all weights after it; not finite if one of them is not
   * @throws IllegalArgumentException if weights or gradients have another number of parameters
   */
  public double update(
      Weights weights, Weights gradients, double gradientNorm, double learningRate) {
    requireLength(weights, "weights");
    requireLength(gradients, "gradients");
    updates++;
    double clip = gradientNorm > config.clipNorm() ? config.clipNorm() / gradientNorm : 1;
    Coefficients plain = coefficients(clip, learningRate, 0);
    Coefficients decaying = coefficients(clip, learningRate, config.weightDecay());
    float[] squares = new float[tiles.size()];
    Parallel.forEach(
        tiles.size(),
        i -> {
          Tile tile = tiles.get(i);
          Coefficients c = tile.decays() ? decaying : plain;
          squares[i] = update(weights.block(), gradients.block(), tile, c);
        });
    double sum = 0;
    for (float square : squares) {
      sum += square;
    }
    return Math.sqrt(sum);
  }

  /**
   * The number of updates made: t.
   *
   * @return from 0
   */
  public long updates() {
    return updates;
  }

  /**
   * The running means of gradients.
   *
   * @return m, a copy
   */
  public Weights firstMoment() {
    return copy(m);
  }

  /**
   * The running means of squared gradients.
   *
   * @return v, a copy
   */
  public Weights secondMoment() {
    return copy(v);
  }

  private Coefficients coefficients(double clip, double learningRate, double decay) {
    return new Coefficients(
        (float) clip,
        (float) config.beta1(),
        (float) config.beta2(),
        (float) (1 - learningRate * decay),
        (float) (learningRate / (1 - Math.pow(config.beta1(), updates))),
        (float) (1 / Math.sqrt(1 - Math.pow(config.beta2(), updates))),
        (float) config.eps());
  }

  private float update(FloatBlock weights, FloatBlock gradients, Tile tile, Coefficients c) {
    int n = tile.length();
    float[] w = Scratch.tile(0, n);
    float[] g = Scratch.tile(1, n);
    weights.read(tile.from(), w, 0, n);
    gradients.read(tile.from(), g, 0, n);
    update(w, g, tile.from(), n, c);
    weights.write(tile.from(), w, 0, n);
    return KERNELS.dot(w, 0, w, 0, n);
  }

  private void update(float[] w, float[] g, int from, int n, Coefficients c) {
    float clip = c.gradient();
    float beta1 = c.m();
    float beta2 = c.v();
    float rest1 = (float) (1 - config.beta1());
    float rest2 = (float) (1 - config.beta2());
    float keep = c.keep();
    float rate = c.rate();
    float root = c.root();
    float eps = c.eps();
    for (int i = 0; i < n; i++) {
      float gi = clip * g[i];
      // m_t = beta1 m_(t-1) + (1 - beta1) g_t
      float mi = beta1 * m[from + i] + rest1 * gi;
      // v_t = beta2 v_(t-1) + (1 - beta2) g_t^2
      float vi = beta2 * v[from + i] + rest2 * gi * gi;
      m[from + i] = mi;
      v[from + i] = vi;
      // theta_t = (1 - eta lambda) theta_(t-1) - eta m^_t / (sqrt(v^_t) + eps)
      w[i] = keep * w[i] - rate * mi / (root * (float) Math.sqrt(vi) + eps);
    }
  }

  private Weights copy(float[] moment) {
    Weights weights = Weights.zeros(shape);
    weights.block().write(0, moment, 0, moment.length);
    return weights;
  }

  private void requireLength(Weights given, String what) {
    if (given.block().length() != m.length) {
      throw new IllegalArgumentException(
          "AdamW: the optimiser is for %d parameters, the %s have %d"
              .formatted(m.length, what, given.block().length()));
    }
  }

  private static List<Tile> tiles(List<Parameter> parameters) {
    List<Tile> tiles = new ArrayList<>();
    int from = 0;
    for (int p = 0; p < parameters.size(); p++) {
      boolean decays = parameters.get(p).decays();
      int end = parameters.get(p).offset() + parameters.get(p).length();
      if (p + 1 < parameters.size() && parameters.get(p + 1).decays() == decays) {
        continue;
      }
      for (; from < end; from = Math.min(end, from + Tile.LENGTH)) {
        tiles.add(new Tile(from, Math.min(Tile.LENGTH, end - from), decays));
      }
    }
    return tiles;
  }
}
