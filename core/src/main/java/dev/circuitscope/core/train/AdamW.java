package dev.circuitscope.core.train;

import dev.circuitscope.core.array.Kernels;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.array.Scratch;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
  private final int length;
  private final List<Tile> tiles;
  private long updates;

  /** A run of parameters that decay or do not, and their moments; the unit of parallel work. */
  private record Tile(int from, boolean decays, float[] m, float[] v) {
    static final int LENGTH = 1 << 12;

    int length() {
      return m.length;
    }
  }

  /**
   * An optimiser that has made no update.
   *
   * @param config its constants
   * @param shape whose parameters it updates
   */
  public AdamW(AdamWConfig config, TransformerConfig shape) {
    ParameterLayout layout = new ParameterLayout(shape);
    this.config = config;
    this.shape = shape;
    this.length = layout.length();
    this.tiles = tiles(layout.parameters());
  }

  /** Continues after a number of updates with the moments that they left. */
  static AdamW restore(
      AdamWConfig config, TransformerConfig shape, Weights first, Weights second, long updates) {
    AdamW adam = new AdamW(config, shape);
    for (Tile tile : adam.tiles) {
      first.block().read(tile.from(), tile.m(), 0, tile.length());
      second.block().read(tile.from(), tile.v(), 0, tile.length());
    }
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
    float[] squares = new float[tiles.size()];
    Parallel.forEach(
        tiles.size(),
        i -> {
          Tile tile = tiles.get(i);
          int n = tile.length();
          float[] w = Scratch.tile(0, n);
          float[] g = Scratch.tile(1, n);
          weights.block().read(tile.from(), w, 0, n);
          gradients.block().read(tile.from(), g, 0, n);
          firstMoment(tile.m(), g, n, clip);
          secondMoment(tile.v(), g, n, clip);
          step(w, tile, n, learningRate);
          weights.block().write(tile.from(), w, 0, n);
          squares[i] = KERNELS.dot(w, 0, w, 0, n);
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
    return moment(Tile::m);
  }

  /**
   * The running means of squared gradients.
   *
   * @return v, a copy
   */
  public Weights secondMoment() {
    return moment(Tile::v);
  }

  /** m_t = beta1 m_(t-1) + (1 - beta1) g_t. */
  private void firstMoment(float[] m, float[] g, int n, double clip) {
    float beta = (float) config.beta1();
    float rest = (float) ((1 - config.beta1()) * clip);
    for (int i = 0; i < n; i++) {
      m[i] = beta * m[i] + rest * g[i];
    }
  }

  /** v_t = beta2 v_(t-1) + (1 - beta2) g_t^2. */
  private void secondMoment(float[] v, float[] g, int n, double clip) {
    float beta = (float) config.beta2();
    float rest = (float) ((1 - config.beta2()) * clip * clip);
    for (int i = 0; i < n; i++) {
      v[i] = beta * v[i] + rest * (g[i] * g[i]);
    }
  }

  /**
   * theta_t = (1 - eta lambda) theta_(t-1) - eta m^_t / (sqrt(v^_t) + eps), with the moments' bias
   * taken out: m^_t = m_t / (1 - beta1^t), v^_t = v_t / (1 - beta2^t).
   */
  private void step(float[] w, Tile tile, int n, double learningRate) {
    float[] m = tile.m();
    float[] v = tile.v();
    float keep = tile.decays() ? (float) (1 - learningRate * config.weightDecay()) : 1;
    float rate = (float) (learningRate / (1 - Math.pow(config.beta1(), updates)));
    float unbias = (float) (1 / Math.sqrt(1 - Math.pow(config.beta2(), updates)));
    float eps = (float) config.eps();
    for (int i = 0; i < n; i++) {
      w[i] = keep * w[i] - rate * m[i] / (unbias * (float) Math.sqrt(v[i]) + eps);
    }
  }

  private Weights moment(Function<Tile, float[]> which) {
    Weights weights = Weights.zeros(shape);
    for (Tile tile : tiles) {
      weights.block().write(tile.from(), which.apply(tile), 0, tile.length());
    }
    return weights;
  }

  private void requireLength(Weights given, String what) {
    if (given.block().length() != length) {
      throw new IllegalArgumentException(
          "AdamW: the optimiser is for %d parameters, the %s have %d"
              .formatted(length, what, given.block().length()));
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
        int n = Math.min(Tile.LENGTH, end - from);
        tiles.add(new Tile(from, decays, new float[n], new float[n]));
      }
    }
    return tiles;
  }
}
