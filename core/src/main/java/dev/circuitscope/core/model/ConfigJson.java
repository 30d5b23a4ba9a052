package dev.circuitscope.core.model;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.Set;
import java.util.TreeSet;

/** A {@link TransformerConfig} as JSON, under TransformerLens's names. */
public final class ConfigJson {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** What TransformerLens writes beside the shape, and what does not change what is computed. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("device", "seed", "use_attn_result", "model_name", "init_weights", "n_params");

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
    json.add("init", GSON.toJsonTree(c.initialization()));
    return GSON.toJson(json);
  }

  /**
   * Reads a configuration.
   *
   * @param text JSON with the names of {@link #write}; n_layers, n_heads, d_model, d_vocab and
   *     n_ctx must be there
   * @return the configuration
   * @throws IllegalArgumentException if it is not JSON, a name is missing or unknown, or the model
   *     is of a kind that this library does not have
   */
  public static TransformerConfig read(String text) {
    JsonObject json;
    try {
      json = JsonParser.parseString(text).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IllegalArgumentException("the configuration is not a JSON object", e);
    }
    Reader reader = new Reader(json);
    if (!reader.flag("attn_only")) {
      throw new IllegalArgumentException(
          "the configuration describes a model with MLPs; only attn_only models are supported");
    }
    TransformerConfig.Builder builder =
        TransformerConfig.attentionOnly(reader.integer("n_layers"))
            .heads(reader.integer("n_heads"))
            .dModel(reader.integer("d_model"))
            .vocab(reader.integer("d_vocab"))
            .context(reader.integer("n_ctx"))
            .normalization(normalization(reader.text("normalization_type", "none")))
            .positions(positions(reader.text("positional_embedding_type", "standard")));
    if (reader.has("d_head")) {
      builder.dHead(reader.integer("d_head"));
    }
    if (reader.has("eps")) {
      builder.eps(reader.element("eps").getAsDouble());
    }
    if (reader.has("init")) {
      builder.initialization(GSON.fromJson(reader.element("init"), Initialization.class));
    }
    reader.requireAllUsed();
    return builder.build();
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

  /** Takes values out of an object and remembers which were asked for. */
  private static final class Reader {
    private final JsonObject json;
    private final Set<String> unused;

    Reader(JsonObject json) {
      this.json = json;
      this.unused = new TreeSet<>(json.keySet());
      unused.removeAll(WITHOUT_EFFECT);
    }

    boolean has(String name) {
      return json.has(name) && !json.get(name).isJsonNull();
    }

    JsonElement element(String name) {
      unused.remove(name);
      if (!has(name)) {
        throw new IllegalArgumentException("the configuration lacks '" + name + "'");
      }
      return json.get(name);
    }

    int integer(String name) {
      JsonElement element = element(name);
      try {
        return element.getAsInt();
      } catch (NumberFormatException | UnsupportedOperationException e) {
        throw new IllegalArgumentException(name + " is not a whole number: " + element, e);
      }
    }

    boolean flag(String name) {
      unused.remove(name);
      return has(name) && json.get(name).getAsBoolean();
    }

    String text(String name, String whenAbsent) {
      unused.remove(name);
      return has(name) ? json.get(name).getAsString() : whenAbsent;
    }

    void requireAllUsed() {
      if (!unused.isEmpty()) {
        throw new IllegalArgumentException(
            "the configuration has names that are not understood: " + unused);
      }
    }
  }
}
