package dev.circuitscope.core.format;

import static dev.circuitscope.core.format.HuggingFaceKeys.require;
import static dev.circuitscope.core.format.HuggingFaceKeys.requireNot;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.MlpShape;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * GPT-2. Its matrices are {@code Conv1D}'s, [in, out], so that they multiply from the right as ours
 * do; queries, keys and values of all heads stand side by side in one.
 */
final class Gpt2Family implements HuggingFaceFamily {

  @Override
  public String modelType() {
    return "gpt2";
  }

  @Override
  public String architecture() {
    return "GPT2LMHeadModel";
  }

  @Override
  public ModelFormat format() {
    return ModelFormat.HUGGINGFACE_GPT2;
  }

  @Override
  public String prefix() {
    return "transformer.";
  }

  @Override
  public String head() {
    return "lm_head.weight";
  }

  @Override
  public TransformerConfig config(JsonFields json) throws MalformedFileException {
    require(json, "scale_attn_by_inverse_layer_idx", false);
    require(json, "add_cross_attention", false);
    int width = json.integer("n_embd");
    return TransformerConfig.withMlps(json.integer("n_layer"))
        .heads(json.integer("n_head"))
        .dModel(width)
        .dMlp(json.integer("n_inner", 4 * width))
        .activation(
            HuggingFaceKeys.activation(
                "activation_function", json.string("activation_function", "gelu_new")))
        .attentionScale(json.bool("scale_attn_weights", true))
        .vocab(json.integer("vocab_size"))
        .tiedUnembedding(json.bool("tie_word_embeddings", true))
        .context(json.has("n_positions") ? json.integer("n_positions") : json.integer("n_ctx"))
        .normalization(Normalization.LN)
        .eps(json.number("layer_norm_epsilon", 1e-5))
        .positions(Positions.STANDARD)
        .build();
  }

  @Override
  public boolean attentionBias(JsonFields json) {
    return true;
  }

  @Override
  public TensorMapping mapping(TransformerConfig config, boolean attentionBias) {
    TensorMapping m = new TensorMapping(config);
    m.tensor("wte.weight", "embed.W_E");
    m.tensor("wpe.weight", "pos_embed.W_pos");
    for (int layer = 0; layer < config.nLayers(); layer++) {
      TensorMapping.Block b = m.block("h." + layer + ".", "blocks." + layer + ".");
      b.tensor("ln_1.weight", "ln1.w");
      b.tensor("ln_1.bias", "ln1.b");
      b.tensor("attn.c_attn.weight", "d (part h e)", "h d e", "attn.W_Q", "attn.W_K", "attn.W_V");
      b.tensor("attn.c_attn.bias", "(part h e)", "h e", "attn.b_Q", "attn.b_K", "attn.b_V");
      b.tensor("attn.c_proj.weight", "(h e) d", "h e d", "attn.W_O");
      b.tensor("attn.c_proj.bias", "attn.b_O");
      b.tensor("ln_2.weight", "ln2.w");
      b.tensor("ln_2.bias", "ln2.b");
      b.tensor("mlp.c_fc.weight", "mlp.W_in");
      b.tensor("mlp.c_fc.bias", "mlp.b_in");
      b.tensor("mlp.c_proj.weight", "mlp.W_out");
      b.tensor("mlp.c_proj.bias", "mlp.b_out");
    }
    m.tensor("ln_f.weight", "ln_final.w");
    m.tensor("ln_f.bias", "ln_final.b");
    if (config.vocabulary().tied()) {
      m.copy("lm_head.weight", "wte.weight");
    } else {
      m.tensor("lm_head.weight", "v d", "d v", "unembed.W_U");
    }
    m.zero("unembed.b_U");
    m.ignore("h\\.\\d+\\.attn\\.(masked_)?bias"); // the causal mask
    return m;
  }

  @Override
  public JsonObject configJson(TransformerConfig c, boolean attentionBias) {
    requireNot(c.mlp().isEmpty(), modelType(), "attention only");
    MlpShape mlp = c.mlp().get();
    requireNot(mlp.gated(), modelType(), "gated MLPs");
    requireNot(mlp.parallel(), modelType(), "MLPs beside attention");
    requireNot(c.normalization() != Normalization.LN, modelType(), "other norms than LN");
    requireNot(c.positions() != Positions.STANDARD, modelType(), "positions but standard ones");
    requireNot(c.attention().group() != 1, modelType(), "grouped queries");
    requireNot(c.nHeads() * c.dHead() != c.dModel(), modelType(), "n_heads * d_head != d_model");
    JsonObject json = new JsonObject();
    json.addProperty("n_layer", c.nLayers());
    json.addProperty("n_head", c.nHeads());
    json.addProperty("n_embd", c.dModel());
    json.addProperty("n_inner", mlp.dMlp());
    json.addProperty("activation_function", HuggingFaceKeys.name(mlp.activation()));
    json.addProperty("scale_attn_weights", c.attention().scaled());
    json.addProperty("vocab_size", c.dVocab());
    json.addProperty("tie_word_embeddings", c.vocabulary().tied());
    json.addProperty("n_positions", c.nCtx());
    json.addProperty("n_ctx", c.nCtx());
    json.addProperty("layer_norm_epsilon", c.eps());
    return json;
  }
}
