package dev.circuitscope.core.model;

import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.Set;

/** A {@link TransformerConfig} as JSON, under TransformerLens's names. */
public final class ConfigJson {

  /** What TransformerLens writes beside the shape and has no effect on an attention-only model. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "act_fn",
          "d_mlp",
          "device",
          "gated_mlp",
          "init_weights",
          "model_name",
          "n_params",
          "seed",
          "use_attn_result");

  private ConfigJson() {}

  /**
   * Writes a configuration.
   *
   * @param c the configuration
   * @return JSON text
   */
  public static String write(TransformerConfig c) {
    JsonObject json = new JsonObject();
    json.addProperty("n_layers", c.nLayers());
    json.addProperty("n_heads", c.nHeads());
    json.addProperty("d_model", c.dModel());
    json.addProperty("d_head", c.dHead());
    json.addProperty("d_vocab", c.dVocab());
    json.addProperty("n_ctx", c.nCtx());
    json.addProperty("attn_only", true);
    json.addProperty("normalization_type", c.normalization().label());
    json.addProperty("positional_embedding_type", c.positions().label());
    json.addProperty("eps", c.eps());
    JsonObject init = new JsonObject();
    init.addProperty("embedding", c.initialization().embedding());
    init.addProperty("attention_gain", c.initialization().attentionGain());
    init.addProperty("unembedding_gain", c.initialization().unembeddingGain());
    json.add("init", init);
    return Json.toString(json);
  }

  /**
   * Reads a configuration.
   *
   * @param text JSON with the names of {@link #write}; n_layers, n_heads, d_model, d_vocab and
   *     n_ctx must be there
   * @param source the file's name, for messages
   * @return the configuration
   * @throws MalformedFileException if it is not JSON, a name is missing or unknown, a value is
   *     impossible, or the model is of a kind that this library does not have
   */
  public static TransformerConfig read(String text, String source) throws MalformedFileException {
    JsonFields json = Json.parseObject(text, source);
    try {
      return read(json);
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(source, -1, e.getMessage());
    }
  }

  private static TransformerConfig read(JsonFields json) throws MalformedFileException {
    if (!json.bool("attn_only", false)) {
      throw new IllegalArgumentException(
          "the configuration describes a model with MLPs; only attn_only models are supported");
    }
    TransformerConfig.Builder builder =
        TransformerConfig.attentionOnly(json.integer("n_layers"))
            .heads(json.integer("n_heads"))
            .dModel(json.integer("d_model"))
            .vocab(json.integer("d_vocab"))
            .context(json.integer("n_ctx"))
            .normalization(normalization(json.string("normalization_type", "none")))
            .positions(positions(json.string("positional_embedding_type", "standard")));
    if (json.has("d_head")) {
      builder.dHead(json.integer("d_head"));
    }
    if (json.has("eps")) {
      builder.eps(json.number("eps"));
    }
    if (json.has("init")) {
      JsonFields init = json.object("init");
      builder.initialization(
          new Initialization(
              init.number("embedding"),
              init.number("attention_gain"),
              init.number("unembedding_gain")));
      init.expectNoOthers();
    }
    TransformerConfig config = builder.build();
    requireValue(json, "use_attn_scale", json.bool("use_attn_scale", true), true);
    requireValue(json, "smeared_keys", json.bool("smeared_keys", false), false);
    requireValue(
        json, "d_vocab_out", json.integer("d_vocab_out", config.dVocab()), config.dVocab());
    WITHOUT_EFFECT.forEach(json::has);
    json.expectNoOthers();
    return config;
  }

  private static void requireValue(JsonFields json, String name, Object value, Object supported)
      throws MalformedFileException {
    if (!value.equals(supported)) {
      throw new MalformedFileException(
          json.source(), -1, name + " is " + value + "; only " + supported + " is supported");
    }
  }

  private static Normalization normalization(String label) {
    for (Normalization n : Normalization.values()) {
      if (n.label().equals(label)) {
        return n;
      }
    }
    throw new IllegalArgumentException(
        "normalization_type '" + label + "' is not one of none, LN, LNPre");
  }

  private static Positions positions(String label) {
    for (Positions p : Positions.values()) {
      if (p.label().equals(label)) {
        return p;
      }
    }
    throw new IllegalArgumentException(
        "positional_embedding_type '"
            + label
            + "' is not one of standard, shortformer, sinusoidal-shortformer, none");
  }
}
