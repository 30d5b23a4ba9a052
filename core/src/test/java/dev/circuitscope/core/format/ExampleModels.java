package dev.circuitscope.core.format;

import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import dev.circuitscope.core.model.Weights;
import java.util.SplittableRandom;

/** Small models of the shapes that formats know, with no weight 0 or 1. */
final class ExampleModels {

  private ExampleModels() {}

  static TransformerConfig gpt2() {
    return sized(TransformerConfig.withMlps(2))
        .heads(3)
        .dModel(12)
        .dMlp(20)
        .activation(Activation.GELU_NEW)
        .tiedUnembedding(true)
        .build();
  }

  static TransformerConfig pythia() {
    return sized(TransformerConfig.withMlps(2))
        .heads(3)
        .dModel(24)
        .dMlp(20)
        .activation(Activation.GELU)
        .parallelMlp(true)
        .rotary(new Rotary(4, 100, Rotary.Pairing.HALVES))
        .build();
  }

  static TransformerConfig llama() {
    return sized(TransformerConfig.withMlps(2))
        .heads(6)
        .keyValueHeads(2)
        .dModel(14)
        .dHead(4)
        .dMlp(20)
        .activation(Activation.SILU)
        .gatedMlp(true)
        .normalization(Normalization.RMS)
        .rotary(new Rotary(4, 50, Rotary.Pairing.HALVES))
        .build();
  }

  static TransformerConfig attentionOnly() {
    return sized(TransformerConfig.attentionOnly(2)).heads(3).dModel(12).dHead(5).build();
  }

  static TransformerConfig folded() {
    return sized(TransformerConfig.withMlps(1))
        .heads(3)
        .dModel(12)
        .dMlp(20)
        .activation(Activation.SOLU_LN)
        .normalization(Normalization.LN_PRE)
        .positions(Positions.SHORTFORMER)
        .vocabOut(5)
        .build();
  }

  private static TransformerConfigBuilder sized(TransformerConfigBuilder builder) {
    return builder.vocab(17).context(10);
  }

  /** Parameters whose names match are zero, as they must be in formats that lack them. */
  static Transformer model(TransformerConfig config, String zeros) {
    SplittableRandom random = new SplittableRandom(5);
    return Transformer.of(
        config,
        Weights.of(
            config,
            p -> {
              float[] values = new float[p.length()];
              for (int i = 0; i < values.length && !p.name().matches(zeros); i++) {
                values[i] =
                    (float) ((p.name().endsWith(".w") ? 1 : 0) + 0.4 * random.nextGaussian());
              }
              return values;
            }));
  }
}
