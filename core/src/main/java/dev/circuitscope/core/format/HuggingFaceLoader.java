package dev.circuitscope.core.format;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Directories of the transformers library: {@code config.json} and tensors. */
final class HuggingFaceLoader {

  static final String CONFIG = "config.json";

  /** In the order in which the transformers library looks for them. */
  static final List<String> TENSORS =
      List.of(
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json");

  private HuggingFaceLoader() {}

  /** Whether a directory's configuration is one of the transformers library. */
  static boolean describes(Path config) throws IOException {
    return Files.isRegularFile(config) && Json.read(config).has("model_type");
  }

  static FoundModel load(Path directory, LoadOptions options) throws IOException {
    for (String name : TENSORS) {
      if (Files.isRegularFile(directory.resolve(name))) {
        return load(directory.resolve(CONFIG), directory.resolve(name), options);
      }
    }
    throw new MalformedFileException(
        directory.toString(), -1, "beside config.json there is none of " + TENSORS);
  }

  static FoundModel load(Path configFile, Path tensorFile, LoadOptions options) throws IOException {
    JsonFields json = Json.read(configFile);
    HuggingFaceFamily family = family(json);
    options.requireOnly(family.format(), Set.of("context"));
    TransformerConfig full = config(family, json);
    TransformerConfig config = options.shorten(full);
    TensorMapping mapping = family.mapping(config, family.attentionBias(json));
    NamedTensors tensors =
        withoutPrefix(TensorFiles.read(tensorFile, name -> true), family, tensorFile);
    Transformer model =
        Transformer.of(config, MappedReader.read(mapping, tensors, tensorFile.toString()));
    List<String> ignored = new ArrayList<>(tensors.names());
    ignored.removeIf(name -> !mapping.ignores(name));
    return new FoundModel(model, family.format(), ignored, notes(json, full));
  }

  private static HuggingFaceFamily family(JsonFields json) throws MalformedFileException {
    String type = json.string("model_type");
    Optional<HuggingFaceFamily> family =
        HuggingFaceFamily.ALL.stream().filter(f -> f.modelType().equals(type)).findFirst();
    if (family.isEmpty()) {
      throw new MalformedFileException(
          json.source(),
          -1,
          "model_type '%s' is not supported; supported are %s"
              .formatted(
                  type,
                  HuggingFaceFamily.ALL.stream()
                      .map(HuggingFaceFamily::modelType)
                      .collect(Collectors.joining(", "))));
    }
    return family.get();
  }

  private static TransformerConfig config(HuggingFaceFamily family, JsonFields json)
      throws MalformedFileException {
    try {
      if (json.has("quantization_config")) {
        throw new IllegalArgumentException(
            "quantization_config: quantised weights are not supported");
      }
      return family.config(json);
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(json.source(), -1, e.getMessage());
    }
  }

  private static List<String> notes(JsonFields json, TransformerConfig config)
      throws MalformedFileException {
    int positions = json.integer("max_position_embeddings", config.nCtx());
    if (positions <= config.nCtx()) {
      return List.of();
    }
    return List.of(
        "attention sees a sliding window of %d of %d positions; the context was cut to the window, within which it has no effect"
            .formatted(config.nCtx(), positions));
  }

  /** A model with a head has the prefix, a bare one has not; the head itself never. */
  private static NamedTensors withoutPrefix(
      NamedTensors tensors, HuggingFaceFamily family, Path file) throws MalformedFileException {
    Map<String, INDArray> bare = new LinkedHashMap<>();
    for (Map.Entry<String, INDArray> tensor : tensors.asMap().entrySet()) {
      String name = tensor.getKey();
      String plain =
          name.startsWith(family.prefix()) ? name.substring(family.prefix().length()) : name;
      if (bare.put(plain, tensor.getValue()) != null) {
        throw new MalformedFileException(
            file.toString(),
            -1,
            "%s is there with and without the prefix %s".formatted(plain, family.prefix()));
      }
    }
    return NamedTensors.of(bare, tensors.metadata());
  }
}
