package dev.circuitscope.core.format;

import static dev.circuitscope.core.format.HuggingFaceKeys.require;
import static dev.circuitscope.core.format.HuggingFaceKeys.requireNot;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.MlpShape;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;

/**
 * Llama. Its matrices are [out, in] without biases; key and value heads may be fewer than query
 * heads. {@code down_proj(act(gate_proj(x)) * up_proj(x))} is our W_out after W_gate and W_in.
 */
final class LlamaFamily implements HuggingFaceFamily {

  @Override
  public String modelType() {
    return "llama";
  }

  @Override
  public String architecture() {
    return "LlamaForCausalLM";
  }

  @Override
  public ModelFormat format() {
    return ModelFormat.HUGGINGFACE_LLAMA;
  }

  @Override
  public String prefix() {
    return "model.";
  }

  @Override
  public String head() {
    return "lm_head.weight";
  }

  @Override
  public TransformerConfig config(JsonFields json) throws MalformedFileException {
    // Biases within the gate's product have no place among TransformerLens's parameters.
    require(json, "mlp_bias", false);
    int width = json.integer("hidden_size");
    int heads = json.integer("num_attention_heads");
    if (!json.has("head_dim") && (heads < 1 || width % heads != 0)) {
      throw new IllegalArgumentException(
          "hidden_size " + width + " is not a multiple of num_attention_heads " + heads);
    }
    int dHead = json.has("head_dim") ? json.integer("head_dim") : width / heads;
    return TransformerConfig.withMlps(json.integer("num_hidden_layers"))
        .heads(heads)
        .keyValueHeads(json.integer("num_key_value_heads", heads))
        .dModel(width)
        .dHead(dHead)
        .dMlp(json.integer("intermediate_size"))
        .activation(HuggingFaceKeys.activation("hidden_act", json.string("hidden_act", "silu")))
        .gatedMlp(true)
        .vocab(json.integer("vocab_size"))
        .tiedUnembedding(json.bool("tie_word_embeddings", false))
        .context(json.integer("max_position_embeddings"))
        .normalization(Normalization.RMS)
        .eps(json.number("rms_norm_eps", 1e-6))
        .rotary(HuggingFaceKeys.rotary(json, "rope_theta", 1, dHead))
        .build();
  }

  @Override
  public boolean attentionBias(JsonFields json) throws MalformedFileException {
    return json.bool("attention_bias", false);
  }

  @Override
  public TensorMapping mapping(TransformerConfig config, boolean attentionBias) {
    TensorMapping m = new TensorMapping(config);
    m.tensor("embed_tokens.weight", "embed.W_E");
    for (int layer = 0; layer < config.nLayers(); layer++) {
      TensorMapping.Block b = m.block("layers." + layer + ".", "blocks." + layer + ".");
      b.tensor("input_layernorm.weight", "ln1.w");
      b.tensor("self_attn.q_proj.weight", "(h e) d", "h d e", "attn.W_Q");
      b.tensor("self_attn.k_proj.weight", "(h e) d", "h d e", "attn.W_K");
      b.tensor("self_attn.v_proj.weight", "(h e) d", "h d e", "attn.W_V");
      b.tensor("self_attn.o_proj.weight", "d (h e)", "h e d", "attn.W_O");
      if (attentionBias) {
        b.tensor("self_attn.q_proj.bias", "(h e)", "h e", "attn.b_Q");
        b.tensor("self_attn.k_proj.bias", "(h e)", "h e", "attn.b_K");
        b.tensor("self_attn.v_proj.bias", "(h e)", "h e", "attn.b_V");
        b.tensor("self_attn.o_proj.bias", "attn.b_O");
      } else {
        b.zero("attn.b_Q", "attn.b_K", "attn.b_V", "attn.b_O");
      }
      b.tensor("post_attention_layernorm.weight", "ln2.w");
      b.tensor("mlp.gate_proj.weight", "m d", "d m", "mlp.W_gate");
      b.tensor("mlp.up_proj.weight", "m d", "d m", "mlp.W_in");
      b.tensor("mlp.down_proj.weight", "d m", "m d", "mlp.W_out");
      b.zero("mlp.b_in", "mlp.b_out");
    }
    m.tensor("norm.weight", "ln_final.w");
    if (config.vocabulary().tied()) {
      m.copy("lm_head.weight", "embed_tokens.weight");
    } else {
      m.tensor("lm_head.weight", "v d", "d v", "unembed.W_U");
    }
    m.zero("unembed.b_U");
    m.ignore("(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq");
    return m;
  }

  @Override
  public JsonObject configJson(TransformerConfig c, boolean attentionBias) {
    requireNot(c.mlp().isEmpty(), modelType(), "attention only");
    MlpShape mlp = c.mlp().get();
    requireNot(!mlp.gated(), modelType(), "MLPs without a gate");
    requireNot(mlp.parallel(), modelType(), "MLPs beside attention");
    requireNot(c.normalization() != Normalization.RMS, modelType(), "other norms than RMS");
    requireNot(c.attention().rotary().isEmpty(), modelType(), "positions but rotary ones");
    Rotary rotary = c.attention().rotary().get();
    requireNot(rotary.pairing() != Rotary.Pairing.HALVES, modelType(), "adjacent rotary pairs");
    requireNot(rotary.dim() != c.dHead(), modelType(), "heads that are rotated in part");
    requireNot(!c.attention().scaled(), modelType(), "unscaled attention");
    JsonObject json = new JsonObject();
    json.addProperty("num_hidden_layers", c.nLayers());
    json.addProperty("num_attention_heads", c.nHeads());
    json.addProperty("num_key_value_heads", c.attention().keyValueHeads());
    json.addProperty("hidden_size", c.dModel());
    json.addProperty("head_dim", c.dHead());
    json.addProperty("intermediate_size", mlp.dMlp());
    json.addProperty("hidden_act", HuggingFaceKeys.name(mlp.activation()));
    json.addProperty("vocab_size", c.dVocab());
    json.addProperty("tie_word_embeddings", c.vocabulary().tied());
    json.addProperty("max_position_embeddings", c.nCtx());
    json.addProperty("rms_norm_eps", c.eps());
    json.addProperty("rope_theta", rotary.base());
    json.addProperty("attention_bias", attentionBias);
    return json;
  }
}
