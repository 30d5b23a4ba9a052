package dev.circuitscope.core.reference;

import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.io.Safetensors;
import dev.circuitscope.core.model.ConfigJson;
import dev.circuitscope.core.model.TransformerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A file of numbers that TransformerLens computed; see golden/README.md. */
public record Golden(String name, TransformerConfig config, NamedTensors tensors) {

  private static final List<String> ATTENTION_ONLY =
      List.of("attn-only-1l-ln", "attn-only-2l-shortformer", "attn-only-3l-lnpre");

  private static final List<String> WITH_MLPS =
      List.of("gelu-2l-ln", "gpt2-like-2l", "llama-like-2l", "pythia-like-2l", "solu-ln-1l");

  /** The files of attention-only models. */
  public static List<String> names() {
    return ATTENTION_ONLY;
  }

  /** Every file. */
  public static List<String> all() {
    return Stream.concat(withLoss().stream(), Stream.of("relu-1l-narrow")).toList();
  }

  /**
   * Those with losses and gradients: all but that of a model which predicts fewer tokens than it
   * reads.
   */
  public static List<String> withLoss() {
    return Stream.concat(ATTENTION_ONLY.stream(), WITH_MLPS.stream()).toList();
  }

  public static Golden read(String name) {
    String resource = "/golden/" + name + ".safetensors";
    try (InputStream in = Golden.class.getResourceAsStream(resource)) {
      NamedTensors tensors = Safetensors.read(in, resource);
      return new Golden(name, ConfigJson.read(tensors.metadata().get("config"), resource), tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public INDArray get(String tensor) {
    return tensors.get(tensor);
  }

  /** All tensors whose name starts so, under the rest of their name. */
  public Map<String, INDArray> group(String prefix) {
    Map<String, INDArray> group = new LinkedHashMap<>();
    tensors
        .asMap()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                group.put(key.substring(prefix.length()), value);
              }
            });
    return group;
  }

  public int[][] tokens() {
    return get("tokens").toIntMatrix();
  }

  @Override
  public String toString() {
    return name;
  }
}
