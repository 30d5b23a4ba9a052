package dev.circuitscope.core.format;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.io.TensorSource;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes models for other libraries: {@code config.json} and {@code model.safetensors}. {@link
 * Models#load} reads each of them back to the same weights, bit for bit.
 *
 * <pre>{@code
 * ModelExport.save(model, Path.of("for-python"), ModelFormat.TRANSFORMER_LENS);
 * }</pre>
 *
 * <p>In Python, for TransformerLens:
 *
 * <pre>{@code
 * cfg = HookedTransformerConfig.from_dict(json.load(open("for-python/config.json")))
 * model = HookedTransformer(cfg)
 * model.load_and_process_state_dict(safetensors.torch.load_file("for-python/model.safetensors"))
 * }</pre>
 */
public final class ModelExport {

  private static final String TENSORS = "model.safetensors";
  private static final String CONFIG = "config.json";

  private ModelExport() {}

  /**
   * Writes a model in another library's format.
   *
   * @param model what to write
   * @param directory created if absent; files of these names are replaced
   * @param format Circuitscope's, TransformerLens's, or that of a family of the transformers
   *     library which has models of this shape
   * @throws IllegalArgumentException if the format has no such models or is one that is only read
   * @throws IOException if it cannot be written
   */
  public static void save(Transformer model, Path directory, ModelFormat format)
      throws IOException {
    switch (format) {
      case CIRCUITSCOPE -> model.save(directory);
      case TRANSFORMER_LENS -> saveTransformerLens(model, directory);
      case NANO_GPT, LLAMA2_C ->
          throw new IllegalArgumentException(
              "models are read from the %s format, not written".formatted(format.label()));
      default -> saveHuggingFace(model, directory, format);
    }
  }

  private static void saveTransformerLens(Transformer model, Path directory) throws IOException {
    Transformer full = untied(model);
    TransformerConfig config = full.config();
    JsonObject json = TransformerLensConfigJson.write(config, model.config().vocabulary().tied());
    TensorMapping mapping =
        config.attention().group() == 1
            ? TransformerLensLoader.mapping(config, Set.of())
            : TransformerLensLoader.groupedMapping(config);
    save(
        directory,
        json,
        MappedWriter.tensors(mapping, full.weights(), ModelFormat.TRANSFORMER_LENS.label()),
        Map.of("format", "pt"));
  }

  private static void saveHuggingFace(Transformer model, Path directory, ModelFormat format)
      throws IOException {
    HuggingFaceFamily family =
        HuggingFaceFamily.ALL.stream().filter(f -> f.format() == format).findFirst().orElseThrow();
    boolean bias = hasAttentionBias(model);
    JsonObject json = new JsonObject();
    json.addProperty("model_type", family.modelType());
    JsonArray architectures = new JsonArray();
    architectures.add(family.architecture());
    json.add("architectures", architectures);
    json.addProperty("torch_dtype", "float32");
    family.configJson(model.config(), bias).asMap().forEach(json::add);
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    MappedWriter.tensors(family.mapping(model.config(), bias), model.weights(), format.label())
        .forEach(
            (name, tensor) ->
                tensors.put(name.equals(family.head()) ? name : family.prefix() + name, tensor));
    save(directory, json, tensors, Map.of("format", "pt"));
  }

  private static void save(
      Path directory,
      JsonObject config,
      Map<String, TensorSource> tensors,
      Map<String, String> metadata)
      throws IOException {
    Files.createDirectories(directory);
    Safetensors.write(directory.resolve(TENSORS), tensors, metadata);
    AtomicFiles.write(directory.resolve(CONFIG), Json.toString(config) + "\n");
  }

  /** The same model with an unembedding of its own, as TransformerLens always has one. */
  private static Transformer untied(Transformer model) {
    if (!model.config().vocabulary().tied()) {
      return model;
    }
    TransformerConfig config = model.config().toBuilder().tiedUnembedding(false).build();
    float[] embedding = model.weights().elements("embed.W_E");
    Weights weights =
        Weights.of(
            config,
            p ->
                p.name().equals("unembed.W_U")
                    ? AxisPattern.of("v d", "d v").take(embedding, p.shape(), 0, 1)
                    : model.weights().elements(p.name()));
    return Transformer.of(config, weights);
  }

  private static boolean hasAttentionBias(Transformer model) {
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      String attn = "blocks." + layer + ".attn.";
      if (Stream.of("b_Q", "b_K", "b_V", "b_O").anyMatch(b -> !isZero(model, attn + b))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isZero(Transformer model, String name) {
    float[] values = model.weights().elements(name);
    return Arrays.equals(values, new float[values.length]);
  }
}
