package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;

/**
 * The final normalisation of a run with its scale held fixed, which makes it linear: each part of
 * the stream is centred (LayerNorm only), divided by the scale of the run, and multiplied by the
 * trained weights w if the model has them. Together with the offset b, the parts then sum to what
 * the unembedding read.
 *
 * <pre>{@code
 * FinalNorm norm = FinalNorm.of(model, run);
 * ComponentStack read = norm.apply(stream.byHead());    // sums to ln_final's output, less b
 * }</pre>
 *
 * <p>A model without normalisation leaves vectors as they are.
 */
public final class FinalNorm {

  private final int d;
  private final boolean centres;
  private final float[] w;
  private final float[] b;
  private final double eps;
  private final boolean none;
  private final Extent whole;
  private final float[] scale;

  private FinalNorm(Transformer model, Extent whole, float[] scale) {
    Normalization kind = model.config().normalization();
    this.d = model.config().dModel();
    this.none = kind == Normalization.NONE;
    this.centres = kind == Normalization.LN || kind == Normalization.LN_PRE;
    this.w = kind == Normalization.LN || kind == Normalization.RMS ? weight(model, "w") : null;
    this.b = kind == Normalization.LN ? weight(model, "b") : null;
    this.eps = model.config().eps();
    this.whole = whole;
    this.scale = scale;
  }

  /**
   * The final normalisation of a run.
   *
   * @param model that ran
   * @param run of it, which kept {@link HookPoint#LN_FINAL_SCALE}
   * @return the normalisation with that run's scales
   * @throws IllegalArgumentException if the run is of another model or did not keep the scales
   */
  public static FinalNorm of(Transformer model, Run run) {
    Extent whole = RunRows.whole(model, run);
    boolean none = model.config().normalization() == Normalization.NONE;
    return new FinalNorm(
        model,
        whole,
        none ? null : FloatBlock.copyOf(run.cache().get(HookPoint.LN_FINAL_SCALE)).toArray());
  }

  /**
   * The final normalisation of a model with every scale 1, for what depends on directions alone.
   *
   * @param model whose it is
   * @return the normalisation of a single position
   */
  public static FinalNorm unscaled(Transformer model) {
    return new FinalNorm(model, new Extent(0, 1, 0, 1), new float[] {1});
  }

  /**
   * The direction in the stream that the unembedding reads along another: for g = w u, g - mean(g)
   * over the scale.
   *
   * @param u direction of d_model numbers that the unembedding reads along; not modified
   * @param row of the run: example * positions + position
   * @return the direction q with q . x = u . (normalised x) for every part x of the stream
   */
  public double[] streamDirection(double[] u, int row) {
    double[] q = u.clone();
    pullBack(q, row);
    return q;
  }

  /**
   * What the unembedding reads of each component.
   *
   * @param stack of parts of the final stream
   * @return a stack of the same labels; without the offset b, which belongs to no part
   */
  public ComponentStack apply(ComponentStack stack) {
    return map(stack, (x, row) -> normalize(x, none ? 1 : scale[row]));
  }

  /**
   * As if each component were the whole stream: its own scale, and the offset too. This is what the
   * logit lens unembeds.
   *
   * @param stack of the stream at several depths
   * @return a stack of the same labels
   */
  public ComponentStack applyOwnScales(ComponentStack stack) {
    return map(
        stack,
        (x, row) -> {
          normalize(x, none ? 1 : ownScale(x));
          addOffset(x);
        });
  }

  /** As {@link #apply}, with the offset added to every component. */
  ComponentStack applyWithOffset(ComponentStack stack) {
    return map(
        stack,
        (x, row) -> {
          normalize(x, none ? 1 : scale[row]);
          addOffset(x);
        });
  }

  /**
   * The direction in the stream whose dot product with a part is u's with the normalised part: for
   * g = w u, (g - mean(g)) / scale.
   *
   * @param u what the unembedding reads along; replaced
   * @param row of the run
   */
  void pullBack(double[] u, int row) {
    if (none) {
      return;
    }
    double mean = 0;
    for (int i = 0; i < d; i++) {
      u[i] *= w == null ? 1 : w[i];
      mean += u[i] / d;
    }
    for (int i = 0; i < d; i++) {
      u[i] = (u[i] - (centres ? mean : 0)) / scale[row];
    }
  }

  /** b . u, which no part of the stream accounts for. */
  double offsetAlong(double[] u) {
    double sum = 0;
    for (int i = 0; b != null && i < d; i++) {
      sum += b[i] * u[i];
    }
    return sum;
  }

  Extent whole() {
    return whole;
  }

  private interface Each {
    void change(double[] x, int row);
  }

  private ComponentStack map(ComponentStack stack, Each each) {
    Extent extent = stack.extent();
    if (!whole.contains(extent)) {
      throw new IllegalArgumentException(
          "a stack on %s is not of a run of %s".formatted(extent, whole));
    }
    FloatBlock mapped = ComponentStack.allocate(stack.size(), extent, d);
    Parallel.forEach(
        stack.size(),
        c -> {
          float[] tile = new float[d];
          double[] x = new double[d];
          for (int r = 0; r < extent.rows(); r++) {
            int at = (c * extent.rows() + r) * d;
            stack.block().read(at, tile, 0, d);
            for (int i = 0; i < d; i++) {
              x[i] = tile[i];
            }
            each.change(x, runRow(extent, r));
            for (int i = 0; i < d; i++) {
              tile[i] = (float) x[i];
            }
            mapped.write(at, tile, 0, d);
          }
        });
    return new ComponentStack(stack.labels(), mapped, extent, d);
  }

  /** Where a row of an extent is among all rows of the run. */
  int runRow(Extent extent, int row) {
    return whole.row(
        extent.firstExample() + row / extent.positions(),
        extent.firstPosition() + row % extent.positions());
  }

  /** (x - mean(x)) / s w. */
  private void normalize(double[] x, double s) {
    if (none) {
      return;
    }
    double mean = centres ? mean(x) : 0;
    for (int i = 0; i < d; i++) {
      x[i] = (x[i] - mean) / s * (w == null ? 1 : w[i]);
    }
  }

  private void addOffset(double[] x) {
    for (int i = 0; b != null && i < d; i++) {
      x[i] += b[i];
    }
  }

  /** sqrt(mean((x - mean(x))^2) + eps). */
  private double ownScale(double[] x) {
    double mean = centres ? mean(x) : 0;
    double squares = 0;
    for (double value : x) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / d + eps);
  }

  private double mean(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value;
    }
    return sum / d;
  }

  private static float[] weight(Transformer model, String name) {
    return FloatBlock.copyOf(model.weights().get("ln_final." + name)).toArray();
  }
}
