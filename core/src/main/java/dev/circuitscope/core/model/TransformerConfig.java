package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a transformer. In JSON the names are TransformerLens's ({@code n_layers}, {@code
 * d_model}); see {@link ConfigJson}.
 *
 * <pre>{@code
 * var config = TransformerConfig.attentionOnly(2).heads(8).dModel(256).vocab(512).context(256).build();
 * }</pre>
 *
 * @param nLayers the number of blocks, from 0
 * @param nHeads heads per block
 * @param dModel width of the residual stream
 * @param dHead width of a head's queries, keys and values
 * @param dVocab how many tokens the model reads and predicts
 * @param nCtx the longest sequence
 * @param normalization how blocks normalise what they read
 * @param positions how the model knows positions
 * @param eps added under LayerNorm's square root
 * @param initialization scales of new weights
 */
public record TransformerConfig(
    int nLayers,
    int nHeads,
    int dModel,
    int dHead,
    int dVocab,
    int nCtx,
    Normalization normalization,
    Positions positions,
    double eps,
    Initialization initialization) {

  /**
   * Checks every size.
   *
   * @param nLayers the number of blocks, from 0
   * @param nHeads heads per block
   * @param dModel width of the residual stream
   * @param dHead width of a head's queries, keys and values
   * @param dVocab how many tokens the model reads and predicts
   * @param nCtx the longest sequence
   * @param normalization how blocks normalise what they read
   * @param positions how the model knows positions
   * @param eps added under LayerNorm's square root
   * @param initialization scales of new weights
   */
  public TransformerConfig {
    requireAtLeast(0, "n_layers", nLayers);
    requireAtLeast(1, "n_heads", nHeads);
    requireAtLeast(1, "d_model", dModel);
    requireAtLeast(1, "d_head", dHead);
    requireAtLeast(1, "d_vocab", dVocab);
    requireAtLeast(1, "n_ctx", nCtx);
    if (!(eps >= 0 && eps < 1)) {
      throw new IllegalArgumentException("eps is a number from 0 to 1, was " + eps);
    }
  }

  /**
   * Starts the configuration of an attention-only model.
   *
   * @param layers the number of blocks, from 0
   * @return a builder: 8 heads, d_model 256, d_head = d_model / heads, context 256, LayerNorm and
   *     standard positions unless said otherwise; the vocabulary must be given
   */
  public static Builder attentionOnly(int layers) {
    return new Builder(layers);
  }

  /**
   * A builder that starts from this configuration.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    Builder b = new Builder(nLayers);
    b.heads = nHeads;
    b.dModel = dModel;
    b.dHead = dHead;
    b.vocab = dVocab;
    b.context = nCtx;
    b.normalization = normalization;
    b.positions = positions;
    b.eps = eps;
    b.initialization = initialization;
    return b;
  }

  /**
   * Every hook point of such a model, those on demand too.
   *
   * @return in the order in which a forward pass reaches them
   */
  public List<HookPoint> hookPoints() {
    List<HookPoint> points = new ArrayList<>();
    points.add(HookPoint.EMBED);
    if (positions != Positions.NONE) {
      points.add(HookPoint.POS_EMBED);
    }
    for (int layer = 0; layer < nLayers; layer++) {
      for (Site site : Site.values()) {
        boolean ofNorm = site == Site.LN1_SCALE || site == Site.LN1_NORMALIZED;
        if (site.inBlock() && (!ofNorm || normalization != Normalization.NONE)) {
          points.add(new HookPoint(site, layer));
        }
      }
    }
    if (normalization != Normalization.NONE) {
      points.add(HookPoint.LN_FINAL_SCALE);
      points.add(HookPoint.LN_FINAL_NORMALIZED);
    }
    return points;
  }

  /**
   * The number of trained numbers.
   *
   * @return weights and biases together
   */
  public long parameters() {
    return new ParameterLayout(this).length();
  }

  int width() {
    return nHeads * dHead;
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }

  /** Collects a configuration by name. */
  public static final class Builder {
    private final int layers;
    private int heads = 8;
    private int dModel = 256;
    private int dHead;
    private int vocab;
    private int context = 256;
    private Normalization normalization = Normalization.LN;
    private Positions positions = Positions.STANDARD;
    private double eps = 1e-5;
    private Initialization initialization = Initialization.DEFAULT;

    private Builder(int layers) {
      this.layers = layers;
    }

    /**
     * Heads per block.
     *
     * @param n at least 1
     * @return this
     */
    public Builder heads(int n) {
      this.heads = n;
      return this;
    }

    /**
     * Width of the residual stream.
     *
     * @param n at least 1
     * @return this
     */
    public Builder dModel(int n) {
      this.dModel = n;
      return this;
    }

    /**
     * Width of a head; d_model / heads unless given.
     *
     * @param n at least 1
     * @return this
     */
    public Builder dHead(int n) {
      this.dHead = n;
      return this;
    }

    /**
     * Size of the vocabulary.
     *
     * @param n at least 1
     * @return this
     */
    public Builder vocab(int n) {
      this.vocab = n;
      return this;
    }

    /**
     * The longest sequence.
     *
     * @param n at least 1
     * @return this
     */
    public Builder context(int n) {
      this.context = n;
      return this;
    }

    /**
     * How blocks normalise what they read.
     *
     * @param kind LayerNorm unless given
     * @return this
     */
    public Builder normalization(Normalization kind) {
      this.normalization = kind;
      return this;
    }

    /**
     * How the model knows positions.
     *
     * @param kind standard unless given
     * @return this
     */
    public Builder positions(Positions kind) {
      this.positions = kind;
      return this;
    }

    /**
     * What LayerNorm adds under its square root.
     *
     * @param value 1e-5 unless given
     * @return this
     */
    public Builder eps(double value) {
      this.eps = value;
      return this;
    }

    /**
     * Scales of new weights.
     *
     * @param scales the default unless given
     * @return this
     */
    public Builder initialization(Initialization scales) {
      this.initialization = scales;
      return this;
    }

    /**
     * The configuration.
     *
     * @return checked
     * @throws IllegalArgumentException if a size is missing or impossible
     */
    public TransformerConfig build() {
      if (dHead == 0 && (heads < 1 || dModel % heads != 0)) {
        throw new IllegalArgumentException(
            "d_model " + dModel + " is not a multiple of " + heads + " heads; give dHead(n)");
      }
      return new TransformerConfig(
          layers,
          heads,
          dModel,
          dHead == 0 ? dModel / heads : dHead,
          vocab,
          context,
          normalization,
          positions,
          eps,
          initialization);
    }
  }
}
