package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shape of a transformer. In JSON the names are TransformerLens's ({@code n_layers}, {@code
 * d_model}); see {@link ConfigJson}.
 *
 * <pre>{@code
 * var small = TransformerConfig.attentionOnly(2).heads(8).dModel(256).vocab(512).context(256).build();
 * var gpt2  = TransformerConfig.withMlps(12).heads(12).dModel(768).dMlp(3072)
 *     .activation(Activation.GELU_NEW).vocab(50257).context(1024).build();
 * }</pre>
 *
 * @param nLayers the number of blocks, from 0
 * @param dModel width of the residual stream
 * @param nCtx the longest sequence
 * @param vocabulary what the model reads and predicts
 * @param attention the attention of every block
 * @param mlp the multilayer perceptron of every block; absent in attention-only models
 * @param normalization how blocks normalise what they read
 * @param eps added under the normalisation's square root
 * @param positions how the model knows positions
 * @param initialization scales of new weights
 */
public record TransformerConfig(
    int nLayers,
    int dModel,
    int nCtx,
    VocabularyShape vocabulary,
    AttentionShape attention,
    Optional<MlpShape> mlp,
    Normalization normalization,
    double eps,
    Positions positions,
    Initialization initialization) {

  /**
   * Checks every size.
   *
   * @param nLayers the number of blocks, from 0
   * @param dModel width of the residual stream
   * @param nCtx the longest sequence
   * @param vocabulary what the model reads and predicts
   * @param attention the attention of every block
   * @param mlp the multilayer perceptron of every block; absent in attention-only models
   * @param normalization how blocks normalise what they read
   * @param eps added under the normalisation's square root
   * @param positions how the model knows positions
   * @param initialization scales of new weights
   */
  public TransformerConfig {
    requireAtLeast(0, "n_layers", nLayers);
    requireAtLeast(1, "d_model", dModel);
    requireAtLeast(1, "n_ctx", nCtx);
    if (!(eps >= 0 && eps < 1)) {
      throw new IllegalArgumentException("eps is a number from 0 to 1, was " + eps);
    }
    if (attention.rotary().isPresent() != (positions == Positions.ROTARY)) {
      throw new IllegalArgumentException(
          "positions are "
              + positions.label()
              + " and attention has "
              + (attention.rotary().isPresent() ? "rotary positions" : "none that are rotary"));
    }
  }

  /**
   * Starts the configuration of an attention-only model.
   *
   * @param layers the number of blocks, from 0
   * @return a builder: 8 heads, d_model 256, d_head = d_model / heads, context 256, LayerNorm and
   *     standard positions unless said otherwise; the vocabulary must be given
   */
  public static TransformerConfigBuilder attentionOnly(int layers) {
    return new TransformerConfigBuilder(layers, false);
  }

  /**
   * Starts the configuration of a model whose blocks have multilayer perceptrons.
   *
   * @param layers the number of blocks, from 0
   * @return a builder as for {@link #attentionOnly}; d_mlp = 4 d_model and gelu unless said
   *     otherwise
   */
  public static TransformerConfigBuilder withMlps(int layers) {
    return new TransformerConfigBuilder(layers, true);
  }

  /**
   * A builder that starts from this configuration.
   *
   * @return a new builder
   */
  public TransformerConfigBuilder toBuilder() {
    return TransformerConfigBuilder.from(this);
  }

  /**
   * Every hook point of such a model, those on demand too.
   *
   * @return in the order in which a forward pass reaches them
   */
  public List<HookPoint> hookPoints() {
    List<HookPoint> points = new ArrayList<>();
    for (Site site : Site.values()) {
      if (site.compareTo(Site.RESID_PRE) < 0 && has(site)) {
        points.add(new HookPoint(site, -1));
      }
    }
    for (int layer = 0; layer < nLayers; layer++) {
      for (Site site : Site.values()) {
        if (site.inBlock() && has(site)) {
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

  /** Whether such a model has places of that kind. */
  private boolean has(Site site) {
    boolean norms = normalization != Normalization.NONE;
    return switch (site) {
      case POS_EMBED -> positions.embedded();
      case LN1_SCALE, LN1_NORMALIZED -> norms;
      case LN2_SCALE, LN2_NORMALIZED -> norms && mlp.isPresent();
      case SMEARED_K -> attention.smearedKeys();
      case ROT_Q, ROT_K -> attention.rotary().isPresent();
      case MLP_PRE, MLP_POST, MLP_OUT -> mlp.isPresent();
      case MLP_PRE_LINEAR -> mlp.isPresent() && mlp.get().gated();
      case MLP_MID, MLP_LN_SCALE, MLP_LN_NORMALIZED ->
          mlp.isPresent() && mlp.get().activation().normalized();
      case RESID_MID -> mlp.isPresent() && !mlp.get().parallel();
      default -> true;
    };
  }

  /**
   * Heads per block.
   *
   * @return at least 1
   */
  public int nHeads() {
    return attention.heads();
  }

  /**
   * Width of a head's queries, keys and values.
   *
   * @return at least 1
   */
  public int dHead() {
    return attention.dHead();
  }

  /**
   * How many tokens the model reads.
   *
   * @return at least 1
   */
  public int dVocab() {
    return vocabulary.in();
  }

  /**
   * How many tokens the model predicts.
   *
   * @return at least 1
   */
  public int dVocabOut() {
    return vocabulary.out();
  }

  /**
   * The number of trained numbers.
   *
   * @return weights and biases together
   */
  public long parameters() {
    return new ParameterLayout(this).length();
  }

  /** Queries of all heads together. */
  int width() {
    return nHeads() * dHead();
  }

  /**
   * Whether solu_ln's extra LayerNorm has trained weights; TransformerLens gives them to LN only.
   */
  boolean neuronNormWeights() {
    return normalization == Normalization.LN
        && mlp.isPresent()
        && mlp.get().activation().normalized();
  }

  static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }
}
