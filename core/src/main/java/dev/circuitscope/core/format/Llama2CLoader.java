package dev.circuitscope.core.format;

import dev.circuitscope.core.io.MalformedFileException;
import dev.circuitscope.core.io.llama2c.Llama2cCheckpoint;
import dev.circuitscope.core.io.llama2c.Llama2cHeader;
import dev.circuitscope.core.io.llama2c.Llama2cModel;
import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * llama2.c's checkpoints: Llama under Meta's names, whose rotary pairs are neighbours. What the
 * header leaves out is fixed in its run.c: eps 1e-5, base 10,000.
 */
final class Llama2CLoader {

  private Llama2CLoader() {}

  static FoundModel load(Path file, LoadOptions options) throws IOException {
    options.requireOnly(ModelFormat.LLAMA2_C, Set.of("context"));
    Llama2cModel checkpoint = Llama2cCheckpoint.read(file);
    TransformerConfig config = options.shorten(config(checkpoint.header(), file));
    TensorMapping mapping = mapping(config);
    Transformer model =
        Transformer.of(config, MappedReader.read(mapping, checkpoint.tensors(), file.toString()));
    return new FoundModel(
        model,
        ModelFormat.LLAMA2_C,
        List.of(),
        List.of("eps 1e-5 and rotary base 10000 are llama2.c's; the file does not say them"));
  }

  private static TransformerConfig config(Llama2cHeader h, Path file)
      throws MalformedFileException {
    try {
      return TransformerConfig.withMlps(h.nLayers())
          .heads(h.nHeads())
          .keyValueHeads(h.nKvHeads())
          .dModel(h.dim())
          .dMlp(h.hiddenDim())
          .activation(Activation.SILU)
          .gatedMlp(true)
          .vocab(h.vocabSize())
          .tiedUnembedding(h.sharedClassifier())
          .context(h.seqLen())
          .normalization(Normalization.RMS)
          .eps(1e-5)
          .rotary(new Rotary(h.headSize(), 10_000, Rotary.Pairing.ADJACENT))
          .build();
    } catch (IllegalArgumentException e) {
      throw new MalformedFileException(file.toString(), 0, e.getMessage());
    }
  }

  private static TensorMapping mapping(TransformerConfig config) {
    TensorMapping m = new TensorMapping(config);
    m.tensor("tok_embeddings.weight", "embed.W_E");
    for (int layer = 0; layer < config.nLayers(); layer++) {
      TensorMapping.Block b = m.block("layers." + layer + ".", "blocks." + layer + ".");
      b.tensor("attention_norm.weight", "ln1.w");
      b.tensor("attention.wq.weight", "(h e) d", "h d e", "attn.W_Q");
      b.tensor("attention.wk.weight", "(h e) d", "h d e", "attn.W_K");
      b.tensor("attention.wv.weight", "(h e) d", "h d e", "attn.W_V");
      b.tensor("attention.wo.weight", "d (h e)", "h e d", "attn.W_O");
      b.zero("attn.b_Q", "attn.b_K", "attn.b_V", "attn.b_O");
      b.tensor("ffn_norm.weight", "ln2.w");
      b.tensor("feed_forward.w1.weight", "m d", "d m", "mlp.W_gate");
      b.tensor("feed_forward.w2.weight", "d m", "m d", "mlp.W_out");
      b.tensor("feed_forward.w3.weight", "m d", "d m", "mlp.W_in");
      b.zero("mlp.b_in", "mlp.b_out");
    }
    m.tensor("norm.weight", "ln_final.w");
    if (config.vocabulary().tied()) {
      m.copy("output.weight", "tok_embeddings.weight");
    } else {
      m.tensor("output.weight", "v d", "d v", "unembed.W_U");
    }
    m.zero("unembed.b_U");
    return m;
  }
}
