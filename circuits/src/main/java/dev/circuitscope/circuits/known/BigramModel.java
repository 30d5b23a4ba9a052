package dev.circuitscope.circuits.known;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A model without layers: one-hot embeddings, and a table of logits as the unembedding. */
final class BigramModel {

  static final String NAME = "bigram";

  private BigramModel() {}

  static KnownModel of(double[][] logits, int context) {
    int in = logits.length;
    int out = in == 0 ? 0 : logits[0].length;
    if (in < 2 || out < 1 || Arrays.stream(logits).anyMatch(row -> row.length != out)) {
      throw new IllegalArgumentException(
          "bigram: the table must be [d_vocab][d_vocab_out] with at least 2 rows of equal length, has %d rows"
              .formatted(in));
    }
    if (Arrays.stream(logits).flatMapToDouble(Arrays::stream).anyMatch(x -> !Double.isFinite(x))) {
      throw new IllegalArgumentException(
          "bigram: every logit must be finite; use a low one, -30 say, where a probability is 0");
    }
    TransformerConfig config =
        TransformerConfig.attentionOnly(0)
            .heads(1)
            .dModel(in)
            .vocab(in)
            .vocabOut(out)
            .context(context)
            .positions(Positions.NONE)
            .normalization(Normalization.NONE)
            .build();
    Weights weights =
        Weights.of(
            config,
            p -> {
              float[] w = new float[p.length()];
              if (p.name().equals("embed.W_E")) {
                for (int t = 0; t < in; t++) {
                  w[t * in + t] = 1;
                }
              } else if (p.name().equals("unembed.W_U")) {
                for (int i = 0; i < w.length; i++) {
                  w[i] = (float) logits[i / out][i % out];
                }
              }
              return w;
            });
    return new KnownModel(
        NAME,
        Transformer.of(config, weights),
        Map.of(),
        List.of(new Edge(Sender.Embedding.TOKENS, Receiver.Output.LOGITS)),
        List.of(),
        List.of(),
        KnownSettings.of(in, context));
  }
}
