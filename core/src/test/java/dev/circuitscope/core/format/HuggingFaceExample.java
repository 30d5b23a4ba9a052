package dev.circuitscope.core.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A small model as the transformers library saves it, with random weights: {@code config.json} and
 * tensors under its names and in its shapes. No two sizes are the same, so that no axes can be
 * mistaken for each other.
 */
record HuggingFaceExample(JsonObject config, Map<String, INDArray> tensors) {

  static HuggingFaceExample gpt2(boolean tied) {
    HuggingFaceExample e =
        of(
            """
            {"model_type": "gpt2", "n_layer": 2, "n_head": 3, "n_embd": 12, "n_inner": null,
             "vocab_size": 17, "n_positions": 10, "n_ctx": 10, "activation_function": "gelu_new",
             "layer_norm_epsilon": 1e-5, "scale_attn_weights": true, "attn_pdrop": 0.1,
             "architectures": ["GPT2LMHeadModel"]}
            """);
    e.config.addProperty("tie_word_embeddings", tied);
    e.add("transformer.wte.weight", 17, 12);
    e.add("transformer.wpe.weight", 10, 12);
    for (int layer = 0; layer < 2; layer++) {
      String h = "transformer.h." + layer + ".";
      e.addNorm(h + "ln_1", 12);
      e.add(h + "attn.c_attn.weight", 12, 36);
      e.add(h + "attn.c_attn.bias", 36);
      e.add(h + "attn.c_proj.weight", 12, 12);
      e.add(h + "attn.c_proj.bias", 12);
      e.addNorm(h + "ln_2", 12);
      e.add(h + "mlp.c_fc.weight", 12, 48);
      e.add(h + "mlp.c_fc.bias", 48);
      e.add(h + "mlp.c_proj.weight", 48, 12);
      e.add(h + "mlp.c_proj.bias", 12);
      e.tensors.put(h + "attn.bias", Nd4j.ones(DataType.UINT8, 1, 1, 10, 10));
      e.tensors.put(h + "attn.masked_bias", Nd4j.scalar(-1e4f));
    }
    e.addNorm("transformer.ln_f", 12);
    if (!tied) {
      e.add("lm_head.weight", 17, 12);
    }
    return e;
  }

  static HuggingFaceExample gptNeoX(boolean parallel) {
    HuggingFaceExample e =
        of(
            """
            {"model_type": "gpt_neox", "num_hidden_layers": 2, "num_attention_heads": 3,
             "hidden_size": 24, "intermediate_size": 20, "hidden_act": "gelu", "vocab_size": 17,
             "max_position_embeddings": 10, "layer_norm_eps": 1e-5, "rotary_pct": 0.5,
             "rotary_emb_base": 100, "tie_word_embeddings": false}
            """);
    e.config.addProperty("use_parallel_residual", parallel);
    e.add("gpt_neox.embed_in.weight", 17, 24);
    for (int layer = 0; layer < 2; layer++) {
      String l = "gpt_neox.layers." + layer + ".";
      e.addNorm(l + "input_layernorm", 24);
      e.addNorm(l + "post_attention_layernorm", 24);
      e.tensors.put(l + "attention.bias", Nd4j.ones(DataType.BOOL, 1, 1, 10, 10));
      e.tensors.put(l + "attention.masked_bias", Nd4j.scalar(-1e9f));
      e.tensors.put(l + "attention.rotary_emb.inv_freq", Nd4j.ones(2));
      e.add(l + "attention.query_key_value.weight", 72, 24);
      e.add(l + "attention.query_key_value.bias", 72);
      e.add(l + "attention.dense.weight", 24, 24);
      e.add(l + "attention.dense.bias", 24);
      e.add(l + "mlp.dense_h_to_4h.weight", 20, 24);
      e.add(l + "mlp.dense_h_to_4h.bias", 20);
      e.add(l + "mlp.dense_4h_to_h.weight", 24, 20);
      e.add(l + "mlp.dense_4h_to_h.bias", 24);
    }
    e.addNorm("gpt_neox.final_layer_norm", 24);
    e.add("embed_out.weight", 17, 24);
    return e;
  }

  static HuggingFaceExample llama(boolean tied, boolean attentionBias) {
    HuggingFaceExample e =
        of(
            """
            {"model_type": "llama", "num_hidden_layers": 2, "num_attention_heads": 6,
             "num_key_value_heads": 2, "hidden_size": 14, "head_dim": 4, "intermediate_size": 20,
             "hidden_act": "silu", "vocab_size": 17, "max_position_embeddings": 10,
             "rms_norm_eps": 1e-6, "rope_theta": 50.0, "rope_scaling": null, "mlp_bias": false,
             "pretraining_tp": 1}
            """);
    e.config.addProperty("tie_word_embeddings", tied);
    e.config.addProperty("attention_bias", attentionBias);
    e.add("model.embed_tokens.weight", 17, 14);
    for (int layer = 0; layer < 2; layer++) {
      String l = "model.layers." + layer + ".";
      e.addScale(l + "input_layernorm.weight", 14);
      e.add(l + "self_attn.q_proj.weight", 24, 14);
      e.add(l + "self_attn.k_proj.weight", 8, 14);
      e.add(l + "self_attn.v_proj.weight", 8, 14);
      e.add(l + "self_attn.o_proj.weight", 14, 24);
      if (attentionBias) {
        e.add(l + "self_attn.q_proj.bias", 24);
        e.add(l + "self_attn.k_proj.bias", 8);
        e.add(l + "self_attn.v_proj.bias", 8);
        e.add(l + "self_attn.o_proj.bias", 14);
      }
      e.addScale(l + "post_attention_layernorm.weight", 14);
      e.add(l + "mlp.gate_proj.weight", 20, 14);
      e.add(l + "mlp.up_proj.weight", 20, 14);
      e.add(l + "mlp.down_proj.weight", 14, 20);
      e.tensors.put(l + "self_attn.rotary_emb.inv_freq", Nd4j.ones(2));
    }
    e.addScale("model.norm.weight", 14);
    if (!tied) {
      e.add("lm_head.weight", 17, 14);
    }
    return e;
  }

  private static HuggingFaceExample of(String config) {
    return new HuggingFaceExample(
        JsonParser.parseString(config).getAsJsonObject(), new LinkedHashMap<>());
  }

  /** The same tensors with another value in the configuration. */
  HuggingFaceExample with(String key, JsonElement value) {
    JsonObject changed = config.deepCopy();
    changed.add(key, value);
    return new HuggingFaceExample(changed, tensors);
  }

  HuggingFaceExample withTensors(Map<String, INDArray> others) {
    return new HuggingFaceExample(config, others);
  }

  Path save(Path directory) throws IOException {
    Files.createDirectories(directory);
    Json.write(directory.resolve("config.json"), config);
    Safetensors.write(
        directory.resolve("model.safetensors"),
        NamedTensors.of(tensors).withMetadata("format", "pt"));
    return directory;
  }

  int integer(String key) {
    return config.get(key).getAsInt();
  }

  double number(String key) {
    return config.get(key).getAsDouble();
  }

  boolean bool(String key) {
    return config.get(key).getAsBoolean();
  }

  String string(String key) {
    return config.get(key).getAsString();
  }

  boolean tied() {
    return bool("tie_word_embeddings");
  }

  private void add(String name, long... shape) {
    tensors.put(name, random(name, 0, shape));
  }

  private void addNorm(String name, long width) {
    addScale(name + ".weight", width);
    add(name + ".bias", width);
  }

  private void addScale(String name, long width) {
    tensors.put(name, random(name, 1, width));
  }

  private static INDArray random(String name, double centre, long... shape) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    INDArray tensor = Nd4j.create(DataType.FLOAT, shape);
    for (long i = 0; i < tensor.length(); i++) {
      tensor.putScalar(i, (float) (centre + 0.4 * random.nextGaussian()));
    }
    return tensor;
  }

  static JsonElement nothing() {
    return JsonNull.INSTANCE;
  }
}
