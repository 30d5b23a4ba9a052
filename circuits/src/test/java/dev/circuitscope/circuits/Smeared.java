package dev.circuitscope.circuits;

import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.TestModels;
import java.util.stream.Stream;
import org.nd4j.linalg.factory.Nd4j;

/** Small models whose keys are smeared. */
public final class Smeared {

  private Smeared() {}

  /** Every normalisation and kind of positions, and groups of heads that share their keys. */
  public static Stream<TransformerConfig> oneLayer() {
    Stream<TransformerConfig> kinds =
        Stream.of(Normalization.NONE, Normalization.LN, Normalization.RMS)
            .flatMap(
                n ->
                    Stream.of(Positions.values())
                        .filter(p -> p != Positions.ROTARY)
                        .map(p -> smeared(TestModels.config(1, n, p))));
    TransformerConfig grouped =
        TransformerConfig.attentionOnly(1)
            .heads(4)
            .keyValueHeads(2)
            .dModel(6)
            .dHead(5)
            .vocab(11)
            .context(9)
            .smearedKeys(true)
            .build();
    return Stream.concat(kinds, Stream.of(grouped));
  }

  public static TransformerConfig smeared(TransformerConfig config) {
    return config.toBuilder().smearedKeys(true).build();
  }

  public static Transformer random(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 4L));
  }

  /** A model with the same alpha at every head of a layer. */
  public static Transformer withAlpha(Transformer model, int layer, float alpha) {
    String name = "blocks." + layer + ".attn.smear";
    long heads = model.weights().get(name).length();
    return Transformer.of(
        model.config(), model.weights().with(name, Nd4j.valueArrayOf(new long[] {heads}, alpha)));
  }

  /** The same weights, but for alpha, with keys as they are. */
  public static Transformer withoutSmear(Transformer model) {
    TransformerConfig plain = model.config().toBuilder().smearedKeys(false).build();
    var weights = model.weights().toMap();
    weights.keySet().removeIf(name -> name.endsWith(".smear"));
    return Transformer.of(plain, Weights.of(plain, weights));
  }

  public static KnownModel induction() {
    return KnownCircuits.smearedInduction(KnownSettings.of(12, 24));
  }
}
