package dev.circuitscope.core.model;

import dev.circuitscope.core.io.AtomicFiles;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A model as files: {@code model.safetensors}, whole by itself since its metadata holds the
 * configuration, and {@code config.json} beside it for readers and other programs.
 */
final class ModelFiles {

  private static final String TENSORS = "model.safetensors";
  private static final String CONFIG = "config.json";
  private static final String CONFIG_KEY = "config";

  private ModelFiles() {}

  static void save(Transformer model, Path directory) throws IOException {
    Files.createDirectories(directory);
    String config = ConfigJson.write(model.config(), model.processing());
    Safetensors.write(
        directory.resolve(TENSORS),
        NamedTensors.of(
            model.weights().toMap(), Map.of("format", "circuitscope", CONFIG_KEY, config)));
    AtomicFiles.write(directory.resolve(CONFIG), config + "\n");
  }

  static Transformer load(Path directory) throws IOException {
    Path file = directory.resolve(TENSORS);
    NamedTensors tensors = Safetensors.read(file);
    String config = tensors.metadata().get(CONFIG_KEY);
    if (config == null) {
      config = Files.readString(directory.resolve(CONFIG));
    }
    TransformerConfig shape = ConfigJson.read(config, file.toString());
    try {
      Weights weights = Weights.of(shape, tensors.asMap());
      return Transformer.of(shape, weights, ConfigJson.readProcessing(config, file.toString()));
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(file.toString(), -1, e.getMessage());
    }
  }
}
