package dev.circuitscope.core.format;

import dev.circuitscope.core.array.FloatBlock;
import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.model.ConfigJson;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.Processing;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * TransformerLens's state dictionaries, whose names and shapes are ours but for {@code _W_K} and
 * its like of models with grouped queries, and for buffers. The configuration is that of the
 * options, or JSON in the file's metadata or beside it, or what {@link TransformerLensShapes} makes
 * of the tensors.
 */
final class TransformerLensLoader {

  /** A tensor that every such model has. */
  static final String MARK = "embed.W_E";

  /** What {@code Transformer.save} writes as the file's format. */
  private static final String OWN = "circuitscope";

  private static final String BUFFERS =
      "blocks\\.\\d+\\.attn\\.(mask|IGNORE|rotary_sin|rotary_cos|rotary_.*_local)";
  private static final List<String> WRAPPERS = List.of("model.", "state_dict.");
  private static final List<String> CONFIG_FILES = List.of("config.json", "cfg.json");

  private TransformerLensLoader() {}

  static FoundModel load(Path file, NamedTensors tensors, LoadOptions options) throws IOException {
    List<String> notes = new ArrayList<>();
    Described described = describe(file, tensors, options, notes);
    TransformerConfig config = described.config();
    NamedTensors plain = withoutTiedOutput(config, tensors);
    if (config.vocabulary().tied() && plain.contains("unembed.W_U")) {
      config = config.toBuilder().tiedUnembedding(false).build();
      notes.add("W_U is not the transpose of W_E, as the configuration has it, and was kept");
    }
    TensorMapping mapping = mapping(config, tensors.names());
    Weights weights = MappedReader.read(mapping, plain, file.toString());
    boolean own = OWN.equals(tensors.metadata().get("format"));
    return new FoundModel(
        Transformer.of(config, weights, described.processing()),
        own ? ModelFormat.CIRCUITSCOPE : ModelFormat.TRANSFORMER_LENS,
        tensors.names().stream().filter(mapping::ignores).toList(),
        notes);
  }

  /** The dictionary itself where a checkpoint holds it under a name of its own. */
  static NamedTensors stateDictionary(NamedTensors tensors) {
    for (String wrapper : WRAPPERS) {
      if (tensors.contains(wrapper + MARK)) {
        Map<String, INDArray> inner = new LinkedHashMap<>();
        tensors
            .asMap()
            .forEach(
                (name, tensor) ->
                    inner.put(
                        name.startsWith(wrapper) ? name.substring(wrapper.length()) : name,
                        tensor));
        return NamedTensors.of(inner, tensors.metadata());
      }
    }
    return tensors;
  }

  /** The mapping of a state dictionary with these names. */
  static TensorMapping mapping(TransformerConfig config, Set<String> names) {
    return mapping(config, names::contains);
  }

  /** The mapping of a model with grouped queries, whose W_K is expanded when it is read. */
  static TensorMapping groupedMapping(TransformerConfig config) {
    return mapping(config, name -> true);
  }

  private static TensorMapping mapping(TransformerConfig config, Predicate<String> has) {
    TensorMapping m = new TensorMapping(config);
    for (Parameter parameter : new ParameterLayout(config).parameters()) {
      String name = parameter.name();
      String grouped = name.replaceFirst("attn\\.([Wb]_[KV])$", "attn._$1");
      m.tensor(has.test(grouped) ? grouped : name, name);
    }
    m.ignore(BUFFERS);
    return m;
  }

  /** The shape of the model, and what has been done to its weights. */
  private record Described(TransformerConfig config, Set<Processing> processing) {}

  private static Described describe(
      Path file, NamedTensors tensors, LoadOptions options, List<String> notes) throws IOException {
    if (options.config().isPresent()) {
      options.requireOnly(ModelFormat.TRANSFORMER_LENS, Set.of("config", "context"));
      return new Described(options.shorten(options.config().get()), Set.of());
    }
    String json = tensors.metadata().get("config");
    String source = file.toString();
    Optional<Path> beside = configFile(file);
    if (json == null && beside.isPresent()) {
      json = Files.readString(beside.get());
      source = beside.get().toString();
    }
    if (json == null) {
      TransformerConfig config = TransformerLensShapes.infer(tensors, source, options, notes);
      return new Described(config, Set.of());
    }
    options.requireOnly(ModelFormat.TRANSFORMER_LENS, Set.of("context"));
    return new Described(
        options.shorten(ConfigJson.read(json, source)), ConfigJson.readProcessing(json, source));
  }

  /** A configuration beside the tensors: of the same name, or one that the directory has. */
  private static Optional<Path> configFile(Path file) {
    String stem = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    List<String> names = new ArrayList<>(List.of(stem + ".json"));
    names.addAll(CONFIG_FILES);
    return names.stream().map(file::resolveSibling).filter(Files::isRegularFile).findFirst();
  }

  /** Without W_U if the configuration ties it and it is the transpose of W_E to the bit. */
  private static NamedTensors withoutTiedOutput(TransformerConfig config, NamedTensors tensors)
      throws MalformedFileException {
    if (!config.vocabulary().tied() || !tensors.contains("unembed.W_U")) {
      return tensors;
    }
    INDArray embedding = tensors.get(MARK);
    INDArray output = tensors.get("unembed.W_U");
    boolean same =
        embedding.rank() == 2
            && Arrays.equals(embedding.transpose().shape(), output.shape())
            && Arrays.equals(
                FloatBlock.copyOf(embedding.transpose()).toArray(),
                FloatBlock.copyOf(output).toArray());
    if (!same) {
      return tensors;
    }
    Map<String, INDArray> others = new LinkedHashMap<>(tensors.asMap());
    others.remove("unembed.W_U");
    return NamedTensors.of(others, tensors.metadata());
  }
}
