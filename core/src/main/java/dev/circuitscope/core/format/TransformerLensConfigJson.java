package dev.circuitscope.core.format;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.circuitscope.core.model.AttentionShape;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * The arguments of TransformerLens's {@code HookedTransformerConfig}, and only those: it refuses
 * others. Absent values are null there, and its defaults are not ours.
 */
final class TransformerLensConfigJson {

  private TransformerLensConfigJson() {}

  /**
   * Its arguments for a model.
   *
   * @param tied whether the unembedding, written out, is the embedding's transpose
   * @throws IllegalArgumentException if TransformerLens has no such models
   */
  static JsonObject write(TransformerConfig c, boolean tied) {
    AttentionShape a = c.attention();
    requireNot(a.smearedKeys(), "smeared keys");
    requireNot(
        c.positions() == Positions.SINUSOIDAL_SHORTFORMER, c.positions().label() + " positions");
    requireNot(c.positions() == Positions.NONE, "no positions");
    JsonObject json = new JsonObject();
    json.addProperty("model_name", "custom");
    json.addProperty("n_layers", c.nLayers());
    json.addProperty("d_model", c.dModel());
    json.addProperty("n_ctx", c.nCtx());
    json.addProperty("d_vocab", c.dVocab());
    json.addProperty("d_vocab_out", c.dVocabOut());
    json.addProperty("tie_word_embeddings", tied);
    json.addProperty("n_heads", a.heads());
    if (a.group() != 1) {
      json.addProperty("n_key_value_heads", a.keyValueHeads());
    }
    json.addProperty("d_head", a.dHead());
    json.addProperty("use_attn_scale", a.scaled());
    json.addProperty("attention_dir", a.direction().label());
    json.addProperty("positional_embedding_type", c.positions().label());
    if (a.rotary().isPresent()) {
      Rotary rotary = a.rotary().get();
      json.addProperty("rotary_dim", rotary.dim());
      json.addProperty("rotary_base", rotary.base());
      json.addProperty("rotary_adjacent_pairs", rotary.pairing() == Rotary.Pairing.ADJACENT);
    }
    json.addProperty("attn_only", c.mlp().isEmpty());
    c.mlp()
        .ifPresent(
            mlp -> {
              json.addProperty("d_mlp", mlp.dMlp());
              json.addProperty("act_fn", mlp.activation().label());
              json.addProperty("gated_mlp", mlp.gated());
              json.addProperty("parallel_attn_mlp", mlp.parallel());
            });
    if (c.normalization() == Normalization.NONE) {
      json.add("normalization_type", JsonNull.INSTANCE);
    } else {
      json.addProperty("normalization_type", c.normalization().label());
    }
    json.addProperty("eps", c.eps());
    return json;
  }

  private static void requireNot(boolean bad, String what) {
    if (bad) {
      throw new IllegalArgumentException("TransformerLens has no models with " + what);
    }
  }
}
