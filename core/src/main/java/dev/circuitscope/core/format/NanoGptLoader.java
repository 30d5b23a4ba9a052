package dev.circuitscope.core.format;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * nanoGPT's checkpoints: GPT-2 with {@code Linear} instead of {@code Conv1D}, so [out, in], with or
 * without biases. {@code torch.compile} puts {@code _orig_mod.} before every name.
 */
final class NanoGptLoader {

  static final String OPTIMIZER = "optimizer.";
  private static final String MODEL = "model.";
  private static final String COMPILED = "_orig_mod.";
  private static final String ARGUMENT = "model_args.";

  private NanoGptLoader() {}

  static boolean recognises(NamedTensors tensors) {
    return tensors.metadata().containsKey(ARGUMENT + "n_layer")
        && tensors.names().stream().anyMatch(name -> name.endsWith("transformer.wte.weight"));
  }

  static FoundModel load(Path file, NamedTensors checkpoint, LoadOptions options)
      throws MalformedFileException {
    options.requireOnly(ModelFormat.NANO_GPT, Set.of("activation"));
    Arguments arguments = new Arguments(file, checkpoint.metadata());
    boolean bias = arguments.bool("bias", true);
    TransformerConfig config = config(arguments, options, file);
    TensorMapping mapping = mapping(config, bias);
    NamedTensors tensors = plain(checkpoint, file);
    Transformer model =
        Transformer.of(config, MappedReader.read(mapping, tensors, file.toString()));
    List<String> ignored = new ArrayList<>(tensors.names());
    ignored.removeIf(name -> !mapping.ignores(name));
    List<String> notes =
        options.activation().isPresent()
            ? List.of()
            : List.of(
                "gelu is exact, as in nanoGPT since 2023; for older checkpoints give"
                    + " activation(GELU_NEW)");
    return new FoundModel(model, ModelFormat.NANO_GPT, ignored, notes);
  }

  private static TransformerConfig config(Arguments arguments, LoadOptions options, Path file)
      throws MalformedFileException {
    try {
      return TransformerConfig.withMlps(arguments.integer("n_layer"))
          .heads(arguments.integer("n_head"))
          .dModel(arguments.integer("n_embd"))
          .activation(options.activation().orElse(Activation.GELU))
          .vocab(arguments.integer("vocab_size"))
          .tiedUnembedding(true)
          .context(arguments.integer("block_size"))
          .normalization(Normalization.LN)
          .eps(1e-5)
          .positions(Positions.STANDARD)
          .build();
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(file.toString(), -1, "model_args: " + e.getMessage());
    }
  }

  private static TensorMapping mapping(TransformerConfig config, boolean bias) {
    TensorMapping m = new TensorMapping(config);
    m.tensor("transformer.wte.weight", "embed.W_E");
    m.tensor("transformer.wpe.weight", "pos_embed.W_pos");
    for (int layer = 0; layer < config.nLayers(); layer++) {
      TensorMapping.Block b = m.block("transformer.h." + layer + ".", "blocks." + layer + ".");
      b.tensor("ln_1.weight", "ln1.w");
      b.tensor("attn.c_attn.weight", "(part h e) d", "h d e", "attn.W_Q", "attn.W_K", "attn.W_V");
      b.tensor("attn.c_proj.weight", "d (h e)", "h e d", "attn.W_O");
      b.tensor("ln_2.weight", "ln2.w");
      b.tensor("mlp.c_fc.weight", "m d", "d m", "mlp.W_in");
      b.tensor("mlp.c_proj.weight", "d m", "m d", "mlp.W_out");
      if (bias) {
        b.tensor("ln_1.bias", "ln1.b");
        b.tensor("attn.c_attn.bias", "(part h e)", "h e", "attn.b_Q", "attn.b_K", "attn.b_V");
        b.tensor("attn.c_proj.bias", "attn.b_O");
        b.tensor("ln_2.bias", "ln2.b");
        b.tensor("mlp.c_fc.bias", "mlp.b_in");
        b.tensor("mlp.c_proj.bias", "mlp.b_out");
      } else {
        b.zero("ln1.b", "attn.b_Q", "attn.b_K", "attn.b_V", "attn.b_O");
        b.zero("ln2.b", "mlp.b_in", "mlp.b_out");
      }
    }
    m.tensor("transformer.ln_f.weight", "ln_final.w");
    if (bias) {
      m.tensor("transformer.ln_f.bias", "ln_final.b");
    } else {
      m.zero("ln_final.b");
    }
    m.copy("lm_head.weight", "transformer.wte.weight");
    m.zero("unembed.b_U");
    m.ignore("transformer\\.h\\.\\d+\\.attn\\.bias"); // the causal mask
    return m;
  }

  /** The model's tensors without what the checkpoint and the compiler put before their names. */
  private static NamedTensors plain(NamedTensors checkpoint, Path file)
      throws MalformedFileException {
    Map<String, INDArray> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, INDArray> tensor : checkpoint.asMap().entrySet()) {
      if (tensor.getKey().startsWith(MODEL)) {
        String name = tensor.getKey().substring(MODEL.length());
        name = name.startsWith(COMPILED) ? name.substring(COMPILED.length()) : name;
        if (tensors.put(name, tensor.getValue()) != null) {
          throw new MalformedFileException(
              file.toString(), -1, name + " is there with and without the prefix " + COMPILED);
        }
      }
    }
    return NamedTensors.of(tensors);
  }

  /** The entries of {@code model_args}. */
  private record Arguments(Path file, Map<String, String> metadata) {

    int integer(String name) throws MalformedFileException {
      String text = text(name);
      try {
        return Integer.parseInt(text);
      } catch (NumberFormatException e) {
        throw wrong(name, "a whole number", text);
      }
    }

    boolean bool(String name, boolean fallback) throws MalformedFileException {
      if (!metadata.containsKey(ARGUMENT + name)) {
        return fallback;
      }
      String text = text(name);
      if (!text.equals("true") && !text.equals("false")) {
        throw wrong(name, "True or False", text);
      }
      return text.equals("true");
    }

    private String text(String name) throws MalformedFileException {
      String text = metadata.get(ARGUMENT + name);
      if (text == null) {
        throw new MalformedFileException(file.toString(), -1, "model_args has no entry " + name);
      }
      return text;
    }

    private MalformedFileException wrong(String name, String expected, String text) {
      return new MalformedFileException(
          file.toString(), -1, "model_args: " + name + " must be " + expected + ", was " + text);
    }
  }
}
