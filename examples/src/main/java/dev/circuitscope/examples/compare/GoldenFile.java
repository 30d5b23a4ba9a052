package dev.circuitscope.examples.compare;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.model.ConfigJson;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A model with its input and the numbers that another implementation computed for it.
 *
 * @param name the file's name, for messages
 * @param model the file's model in this library's engine
 * @param tokens [batch, pos]
 * @param tensors everything in the file
 */
record GoldenFile(String name, Transformer model, int[][] tokens, NamedTensors tensors) {

  private static final String WEIGHTS = "weights.";

  /**
   * Reads a file.
   *
   * @throws IOException if it is missing, malformed, or of a model that the library does not have;
   *     the message says which
   */
  static GoldenFile read(Path file) throws IOException {
    String name = file.toString();
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(name, null, "there is no such file");
    }
    NamedTensors tensors = Safetensors.read(file);
    String config = tensors.metadata().get("config");
    if (config == null) {
      throw new MalformedFileException(
          name, -1, "its metadata has no 'config' that says what model it holds");
    }
    try {
      TransformerConfig shape = ConfigJson.read(config, name);
      Transformer model = Transformer.of(shape, Weights.of(shape, weights(shape, tensors)));
      return new GoldenFile(name, model, tokens(tensors), tensors);
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new MalformedFileException(name, -1, e.getMessage());
    }
  }

  /** Whether the file holds a tensor that begins with this. */
  boolean has(String prefix) {
    return tensors.names().stream().anyMatch(tensor -> tensor.startsWith(prefix));
  }

  /** Only those that the model uses: TransformerLens also stores some that a mode leaves unused. */
  private static Map<String, INDArray> weights(TransformerConfig config, NamedTensors tensors) {
    Map<String, INDArray> weights = new LinkedHashMap<>();
    for (Parameter p : new ParameterLayout(config).parameters()) {
      weights.put(p.name(), tensors.get(WEIGHTS + p.name()));
    }
    return weights;
  }

  private static int[][] tokens(NamedTensors tensors) {
    INDArray tokens = tensors.get("tokens");
    if (tokens.rank() != 2 || !tokens.isZ() || tokens.length() == 0) {
      throw new IllegalArgumentException(
          "'tokens' must be whole numbers [batch, pos], are "
              + tokens.dataType()
              + " "
              + java.util.Arrays.toString(tokens.shape()));
    }
    return tokens.toIntMatrix();
  }
}
