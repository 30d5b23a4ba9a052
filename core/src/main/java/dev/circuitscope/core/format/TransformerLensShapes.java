package dev.circuitscope.core.format;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.NamedTensors;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A configuration from the names and shapes of a TransformerLens state dictionary. What they leave
 * open must be given as options; everything that is missing is asked for at once.
 */
final class TransformerLensShapes {

  private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d+)\\..*");

  private final NamedTensors tensors;
  private final String source;
  private final LoadOptions options;
  private final List<String> open = new ArrayList<>();

  private TransformerLensShapes(NamedTensors tensors, String source, LoadOptions options) {
    this.tensors = tensors;
    this.source = source;
    this.options = options;
  }

  static TransformerConfig infer(
      NamedTensors tensors, String source, LoadOptions options, List<String> notes)
      throws MalformedFileException {
    TransformerConfig config = new TransformerLensShapes(tensors, source, options).infer();
    notes.add(
        "the configuration was inferred from shapes; assumed are scores divided by sqrt(d_head) and"
            + " causal attention");
    return config;
  }

  private TransformerConfig infer() throws MalformedFileException {
    int layers = layers();
    boolean mlps = tensors.contains("blocks.0.mlp.W_in");
    TransformerConfigBuilder builder =
        mlps ? TransformerConfig.withMlps(layers) : TransformerConfig.attentionOnly(layers);
    long[] embedding = shape("embed.W_E", 2);
    builder
        .vocab((int) embedding[0])
        .dModel((int) embedding[1])
        .vocabOut((int) shape("unembed.W_U", 2)[1]);
    if (layers > 0) {
      long[] queries = shape("blocks.0.attn.W_Q", 3);
      boolean grouped = tensors.contains("blocks.0.attn._W_K");
      long[] keys = shape(grouped ? "blocks.0.attn._W_K" : "blocks.0.attn.W_K", 3);
      builder.heads((int) queries[0]).dHead((int) queries[2]).keyValueHeads((int) keys[0]);
      builder.smearedKeys(tensors.contains("blocks.0.attn.smear"));
    } else {
      builder.heads(1).dHead((int) embedding[1]);
    }
    normalization(builder);
    positions(builder, mlps);
    if (mlps) {
      mlp(builder);
    }
    if (!open.isEmpty()) {
      throw new MalformedFileException(
          source,
          -1,
          "the tensors alone do not say everything about the model. Put its configuration beside"
              + " them as config.json, or give these LoadOptions: "
              + String.join("; ", open));
    }
    return builder.build();
  }

  private int layers() {
    int layers = 0;
    for (String name : tensors.names()) {
      Matcher block = BLOCK.matcher(name);
      if (block.matches()) {
        layers = Math.max(layers, 1 + Integer.parseInt(block.group(1)));
      }
    }
    return layers;
  }

  private void normalization(TransformerConfigBuilder builder) {
    boolean scale = tensors.contains("ln_final.w");
    boolean offset = tensors.contains("ln_final.b");
    Optional<Normalization> kind =
        scale
            ? Optional.of(offset ? Normalization.LN : Normalization.RMS)
            : options.normalization();
    if (kind.isEmpty()) {
      open.add(
          "normalization(NONE, LN_PRE or RMS_PRE: there are no ln weights, as after folding them)");
    }
    kind.ifPresent(builder::normalization);
    boolean none = kind.isPresent() && kind.get() == Normalization.NONE;
    if (options.eps().isPresent()) {
      builder.eps(options.eps().get());
    } else if (!none) {
      open.add("eps(the number under the normalisation's square root, often 1e-5)");
    }
  }

  private void positions(TransformerConfigBuilder builder, boolean mlps)
      throws MalformedFileException {
    boolean learned = tensors.contains("pos_embed.W_pos");
    Optional<Positions> kind =
        options.rotary().isPresent() ? Optional.of(Positions.ROTARY) : options.positions();
    if (kind.isEmpty()) {
      open.add(
          learned
              ? "positions(STANDARD or SHORTFORMER: pos_embed.W_pos fits both)"
              : "positions(NONE or SINUSOIDAL_SHORTFORMER) or rotary(dim, base and pairs): there is"
                  + " no pos_embed.W_pos");
    }
    kind.ifPresent(builder::positions);
    if (kind.isPresent() && kind.get() == Positions.ROTARY) {
      if (options.rotary().isPresent()) {
        builder.rotary(options.rotary().get());
      } else {
        open.add("rotary(dim, base and pairs: how queries and keys are rotated)");
      }
    }
    if (learned) {
      builder.context((int) shape("pos_embed.W_pos", 2)[0]);
    } else if (options.context().isPresent()) {
      builder.context(options.context().get());
    } else if (tensors.contains("blocks.0.attn.mask")) {
      builder.context((int) shape("blocks.0.attn.mask", 2)[0]);
    } else {
      open.add("context(the longest sequence)");
    }
    boolean rotary = kind.isPresent() && kind.get() == Positions.ROTARY;
    if (options.parallelMlp().isPresent()) {
      builder.parallelMlp(options.parallelMlp().get());
    } else if (mlps && (rotary || (!learned && kind.isEmpty()))) {
      open.add("parallelMlp(whether MLPs stand beside attention, as in Pythia)");
    }
  }

  private void mlp(TransformerConfigBuilder builder) throws MalformedFileException {
    builder.dMlp((int) shape("blocks.0.mlp.W_in", 2)[1]);
    builder.gatedMlp(tensors.contains("blocks.0.mlp.W_gate"));
    if (tensors.contains("blocks.0.mlp.ln.w")) {
      builder.activation(Activation.SOLU_LN);
    } else if (options.activation().isPresent()) {
      builder.activation(options.activation().get());
    } else {
      open.add("activation(RELU, GELU, GELU_NEW, SILU, SOLU or SOLU_LN)");
    }
  }

  private long[] shape(String name, int rank) throws MalformedFileException {
    if (!tensors.contains(name)) {
      throw new MalformedFileException(
          source, -1, "TransformerLens's tensors are incomplete: " + name + " is missing");
    }
    INDArray tensor = tensors.get(name);
    if (tensor.rank() != rank) {
      throw new MalformedFileException(
          source, -1, "%s has %d axes, expected %d".formatted(name, tensor.rank(), rank));
    }
    return tensor.shape();
  }
}
