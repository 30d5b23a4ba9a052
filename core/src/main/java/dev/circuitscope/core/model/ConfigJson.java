package dev.circuitscope.core.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;

/** A {@link TransformerConfig} as JSON, under TransformerLens's names. */
public final class ConfigJson {

  /** Our own name, of what has been done to the weights. */
  private static final String PROCESSING = "weight_processing";

  private ConfigJson() {}

  /**
   * Writes a configuration.
   *
   * @param c the configuration
   * @return JSON text
   */
  public static String write(TransformerConfig c) {
    return Json.toString(json(c));
  }

  /** A configuration, and what has been done to the weights of a model that has it. */
  static String write(TransformerConfig c, Set<Processing> processing) {
    JsonObject json = json(c);
    if (!processing.isEmpty()) {
      JsonArray labels = new JsonArray();
      processing.forEach(step -> labels.add(step.label()));
      json.add(PROCESSING, labels);
    }
    return Json.toString(json);
  }

  private static JsonObject json(TransformerConfig c) {
    JsonObject json = new JsonObject();
    json.addProperty("n_layers", c.nLayers());
    json.addProperty("d_model", c.dModel());
    json.addProperty("n_ctx", c.nCtx());
    json.addProperty("d_vocab", c.dVocab());
    json.addProperty("d_vocab_out", c.dVocabOut());
    json.addProperty("tie_word_embeddings", c.vocabulary().tied());
    write(c.attention(), json);
    json.addProperty("attn_only", c.mlp().isEmpty());
    c.mlp().ifPresent(mlp -> write(mlp, json));
    json.addProperty("normalization_type", c.normalization().label());
    json.addProperty("eps", c.eps());
    json.addProperty("positional_embedding_type", c.positions().label());
    JsonObject init = new JsonObject();
    init.addProperty("embedding", c.initialization().embedding());
    init.addProperty("attention_gain", c.initialization().attentionGain());
    init.addProperty("mlp_gain", c.initialization().mlpGain());
    init.addProperty("unembedding_gain", c.initialization().unembeddingGain());
    json.add("init", init);
    return json;
  }

  private static void write(AttentionShape a, JsonObject json) {
    json.addProperty("n_heads", a.heads());
    json.addProperty("n_key_value_heads", a.keyValueHeads());
    json.addProperty("d_head", a.dHead());
    json.addProperty("use_attn_scale", a.scaled());
    json.addProperty("smeared_keys", a.smearedKeys());
    json.addProperty("attention_dir", a.direction().label());
    a.rotary()
        .ifPresent(
            r -> {
              json.addProperty("rotary_dim", r.dim());
              json.addProperty("rotary_base", r.base());
              json.addProperty("rotary_adjacent_pairs", r.pairing() == Rotary.Pairing.ADJACENT);
            });
  }

  private static void write(MlpShape mlp, JsonObject json) {
    json.addProperty("d_mlp", mlp.dMlp());
    json.addProperty("act_fn", mlp.activation().label());
    json.addProperty("gated_mlp", mlp.gated());
    json.addProperty("parallel_attn_mlp", mlp.parallel());
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

  /**
   * Reads what a configuration says has been done to the weights.
   *
   * @param text JSON of {@code Transformer.save}
   * @param source the file's name, for messages
   * @return nothing if it does not say
   * @throws MalformedFileException if it is not JSON, or names something unknown
   */
  public static Set<Processing> readProcessing(String text, String source)
      throws MalformedFileException {
    JsonFields json = Json.parseObject(text, source);
    Set<Processing> processing = EnumSet.noneOf(Processing.class);
    if (json.has(PROCESSING)) {
      for (String label : json.strings(PROCESSING)) {
        try {
          processing.add(labelled(PROCESSING, label, Processing.values(), Processing::label));
        } catch (IllegalArgumentException e) {
          throw new MalformedFileException(source, -1, e.getMessage());
        }
      }
    }
    return processing;
  }

  private static TransformerConfig read(JsonFields json) throws MalformedFileException {
    int layers = json.integer("n_layers");
    boolean mlps = !json.bool("attn_only", false);
    TransformerConfigBuilder builder =
        mlps ? TransformerConfig.withMlps(layers) : TransformerConfig.attentionOnly(layers);
    builder
        .dModel(json.integer("d_model"))
        .context(json.integer("n_ctx"))
        .vocab(json.integer("d_vocab"))
        .vocabOut(json.integer("d_vocab_out", 0))
        .tiedUnembedding(json.bool("tie_word_embeddings", false))
        .eps(json.number("eps", 1e-5));
    readNorm(json, builder);
    readAttention(json, builder);
    readMlp(json, mlps, builder);
    readPositions(json, builder);
    if (json.has("init")) {
      builder.initialization(initialization(json.object("init")));
    }
    TransformerConfig config = builder.build();
    TransformerLensKeys.check(json, config.attention());
    json.has(PROCESSING);
    json.expectNoOthers();
    return config;
  }

  private static void readNorm(JsonFields json, TransformerConfigBuilder builder)
      throws MalformedFileException {
    Normalization kind =
        labelled(
            "normalization_type",
            json.string("normalization_type", "none"),
            Normalization.values(),
            Normalization::label);
    boolean rms = kind == Normalization.RMS || kind == Normalization.RMS_PRE;
    if (json.bool("final_rms", rms) && !rms) {
      throw new IllegalArgumentException(
          "final_rms with normalization_type " + kind.label() + " is not supported");
    }
    builder.normalization(kind);
  }

  private static void readAttention(JsonFields json, TransformerConfigBuilder builder)
      throws MalformedFileException {
    builder
        .heads(json.integer("n_heads"))
        .keyValueHeads(json.integer("n_key_value_heads", 0))
        .dHead(json.integer("d_head", 0))
        .attentionScale(json.bool("use_attn_scale", true))
        .smearedKeys(json.bool("smeared_keys", false))
        .direction(
            labelled(
                "attention_dir",
                json.string("attention_dir", AttentionDirection.CAUSAL.label()),
                AttentionDirection.values(),
                AttentionDirection::label));
  }

  /** The MLP's fields; an attention-only model may have them and ignores them. */
  private static void readMlp(JsonFields json, boolean mlps, TransformerConfigBuilder builder)
      throws MalformedFileException {
    int dMlp = json.integer("d_mlp", 0);
    String activation = json.string("act_fn", mlps ? null : Activation.GELU.label());
    boolean gated = json.bool("gated_mlp", false);
    boolean parallel = json.bool("parallel_attn_mlp", false);
    if (mlps) {
      if (activation == null) {
        throw new IllegalArgumentException("act_fn is missing, and the model has MLPs");
      }
      builder.dMlp(dMlp).activation(activation(activation)).gatedMlp(gated).parallelMlp(parallel);
    }
  }

  /** TransformerLens has two more names for GPT-2's approximation. */
  private static Activation activation(String name) {
    boolean approximation = name.equals("gelu_fast") || name.equals("gelu_pytorch_tanh");
    return approximation
        ? Activation.GELU_NEW
        : labelled("act_fn", name, Activation.values(), Activation::label);
  }

  private static void readPositions(JsonFields json, TransformerConfigBuilder builder)
      throws MalformedFileException {
    Positions kind =
        labelled(
            "positional_embedding_type",
            json.string("positional_embedding_type", "standard"),
            Positions.values(),
            Positions::label);
    int dim = json.integer("rotary_dim", 0);
    double base = json.number("rotary_base", 10_000);
    boolean adjacent = json.bool("rotary_adjacent_pairs", adjacentUnlessSaid(json));
    builder.positions(kind);
    if (kind == Positions.ROTARY) {
      int dHead = json.integer("d_head", json.integer("d_model") / json.integer("n_heads"));
      builder.rotary(
          new Rotary(
              dim == 0 ? dHead : dim,
              base,
              adjacent ? Rotary.Pairing.ADJACENT : Rotary.Pairing.HALVES));
    }
  }

  /**
   * Versions of TransformerLens that did not write rotary_adjacent_pairs paired halves for GPT-NeoX
   * and Llama only.
   */
  private static boolean adjacentUnlessSaid(JsonFields json) throws MalformedFileException {
    String architecture = json.string("original_architecture", "");
    return !architecture.contains("NeoX") && !architecture.contains("Llama");
  }

  private static Initialization initialization(JsonFields init) throws MalformedFileException {
    Initialization scales =
        new Initialization(
            init.number("embedding"),
            init.number("attention_gain"),
            init.number("mlp_gain", Initialization.DEFAULT.mlpGain()),
            init.number("unembedding_gain"));
    init.expectNoOthers();
    return scales;
  }

  private static <T> T labelled(
      String name, String label, T[] values, Function<T, String> labelOf) {
    for (T value : values) {
      if (labelOf.apply(value).equals(label)) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        name
            + " '"
            + label
            + "' is not one of "
            + String.join(", ", Arrays.stream(values).map(labelOf).toList()));
  }
}
