package dev.circuitscope.core.format;

import static dev.circuitscope.core.format.HuggingFaceKeys.requireNot;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.MlpShape;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * GPT-NeoX, and so Pythia. Its matrices are [out, in]; the rows of {@code query_key_value} go head
 * by head, and within a head queries, keys, values.
 */
final class GptNeoXFamily implements HuggingFaceFamily {

  @Override
  public String modelType() {
    return "gpt_neox";
  }

  @Override
  public String architecture() {
    return "GPTNeoXForCausalLM";
  }

  @Override
  public ModelFormat format() {
    return ModelFormat.HUGGINGFACE_GPT_NEOX;
  }

  @Override
  public String prefix() {
    return "gpt_neox.";
  }

  @Override
  public String head() {
    return "embed_out.weight";
  }

  @Override
  public TransformerConfig config(JsonFields json) throws MalformedFileException {
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    if (heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "hidden_size " + width + " is not a multiple of num_attention_heads " + heads);
    }
    double fraction = json.number("rotary_pct", 0.25);
    return TransformerConfig.withMlps(json.integer("num_hidden_layers"))
        .heads(heads)
        .dModel(width)
        .dMlp(json.integer("intermediate_size"))
        .activation(HuggingFaceKeys.activation("hidden_act", json.string("hidden_act", "gelu")))
        .parallelMlp(json.bool("use_parallel_residual", true))
        .vocab(json.integer("vocab_size"))
        .tiedUnembedding(json.bool("tie_word_embeddings", false))
        .context(json.integer("max_position_embeddings"))
        .normalization(Normalization.LN)
        .eps(json.number("layer_norm_eps", 1e-5))
        .rotary(HuggingFaceKeys.rotary(json, "rotary_emb_base", fraction, width / heads))
        .build();
  }

  @Override
  public boolean attentionBias(JsonFields json) throws MalformedFileException {
    return json.bool("attention_bias", true);
  }

  @Override
  public TensorMapping mapping(TransformerConfig config, boolean attentionBias) {
    TensorMapping m = new TensorMapping(config);
    m.tensor("embed_in.weight", "embed.W_E");
    for (int layer = 0; layer < config.nLayers(); layer++) {
      TensorMapping.Block b = m.block("layers." + layer + ".", "blocks." + layer + ".");
      b.tensor("input_layernorm.weight", "ln1.w");
      b.tensor("input_layernorm.bias", "ln1.b");
      b.tensor("post_attention_layernorm.weight", "ln2.w");
      b.tensor("post_attention_layernorm.bias", "ln2.b");
      String qkv = "attention.query_key_value.";
      b.tensor(qkv + "weight", "(h part e) d", "h d e", "attn.W_Q", "attn.W_K", "attn.W_V");
      b.tensor("attention.dense.weight", "d (h e)", "h e d", "attn.W_O");
      if (attentionBias) {
        b.tensor(qkv + "bias", "(h part e)", "h e", "attn.b_Q", "attn.b_K", "attn.b_V");
        b.tensor("attention.dense.bias", "attn.b_O");
      } else {
        b.zero("attn.b_Q", "attn.b_K", "attn.b_V", "attn.b_O");
      }
      b.tensor("mlp.dense_h_to_4h.weight", "m d", "d m", "mlp.W_in");
      b.tensor("mlp.dense_h_to_4h.bias", "mlp.b_in");
      b.tensor("mlp.dense_4h_to_h.weight", "d m", "m d", "mlp.W_out");
      b.tensor("mlp.dense_4h_to_h.bias", "mlp.b_out");
    }
    m.tensor("final_layer_norm.weight", "ln_final.w");
    m.tensor("final_layer_norm.bias", "ln_final.b");
    if (config.vocabulary().tied()) {
      m.copy("embed_out.weight", "embed_in.weight");
    } else {
      m.tensor("embed_out.weight", "v d", "d v", "unembed.W_U");
    }
    m.zero("unembed.b_U");
    m.ignore("layers\\.\\d+\\.attention\\.(masked_)?bias"); // the causal mask
    m.ignore("(layers\\.\\d+\\.attention\\.)?rotary_emb\\.inv_freq");
    return m;
  }

  @Override
  public JsonObject configJson(TransformerConfig c, boolean attentionBias) {
    requireNot(c.mlp().isEmpty(), modelType(), "attention only");
    MlpShape mlp = c.mlp().get();
    requireNot(mlp.gated(), modelType(), "gated MLPs");
    requireNot(c.normalization() != Normalization.LN, modelType(), "other norms than LN");
    requireNot(c.attention().rotary().isEmpty(), modelType(), "positions but rotary ones");
    Rotary rotary = c.attention().rotary().get();
    requireNot(rotary.pairing() != Rotary.Pairing.HALVES, modelType(), "adjacent rotary pairs");
    requireNot(c.attention().group() != 1, modelType(), "grouped queries");
    requireNot(!c.attention().scaled(), modelType(), "unscaled attention");
    requireNot(c.nHeads() * c.dHead() != c.dModel(), modelType(), "n_heads * d_head != d_model");
    JsonObject json = new JsonObject();
    json.addProperty("num_hidden_layers", c.nLayers());
    json.addProperty("num_attention_heads", c.nHeads());
    json.addProperty("hidden_size", c.dModel());
    json.addProperty("intermediate_size", mlp.dMlp());
    json.addProperty("hidden_act", HuggingFaceKeys.name(mlp.activation()));
    json.addProperty("use_parallel_residual", mlp.parallel());
    json.addProperty("vocab_size", c.dVocab());
    json.addProperty("tie_word_embeddings", c.vocabulary().tied());
    json.addProperty("max_position_embeddings", c.nCtx());
    json.addProperty("layer_norm_eps", c.eps());
    json.addProperty("rotary_pct", (double) rotary.dim() / c.dHead());
    json.addProperty("rotary_emb_base", rotary.base());
    json.addProperty("attention_bias", attentionBias);
    return json;
  }
}
