package dev.circuitscope.core.format;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.model.TransformerConfig;

/** Mistral: Llama whose attention sees a sliding window. */
final class MistralFamily implements HuggingFaceFamily {

  private final LlamaFamily llama = new LlamaFamily();

  @Override
  public String modelType() {
    return "mistral";
  }

  @Override
  public String architecture() {
    return "MistralForCausalLM";
  }

  @Override
  public ModelFormat format() {
    return ModelFormat.HUGGINGFACE_MISTRAL;
  }

  @Override
  public String prefix() {
    return llama.prefix();
  }

  @Override
  public String head() {
    return llama.head();
  }

  /** The context ends where the window does: up to there a window has no effect. */
  @Override
  public TransformerConfig config(JsonFields json) throws MalformedFileException {
    TransformerConfig config = llama.config(json);
    int window = json.integer("sliding_window", config.nCtx());
    return window < config.nCtx() ? config.toBuilder().context(window).build() : config;
  }

  @Override
  public boolean attentionBias(JsonFields json) {
    return false;
  }

  @Override
  public TensorMapping mapping(TransformerConfig config, boolean attentionBias) {
    return llama.mapping(config, attentionBias);
  }

  @Override
  public JsonObject configJson(TransformerConfig config, boolean attentionBias) {
    return llama.configJson(config, attentionBias);
  }
}
