package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.Activation;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.TransformerConfigBuilder;
import java.util.Arrays;
import java.util.stream.Stream;

/** Every architecture, small: d_model 6, 3 or 4 heads of 5, 7 neurons, vocabulary 11, context 9. */
final class ModelFamily {

  private ModelFamily() {}

  static Stream<TransformerConfig> all() {
    return Stream.of(
            mlps(),
            gatedMlps(),
            norms(),
            positions(),
            attentions(),
            vocabularies(),
            mixed(),
            tiny())
        .flatMap(kind -> kind)
        .map(TransformerConfigBuilder::build);
  }

  private static Stream<TransformerConfigBuilder> mlps() {
    return Stream.concat(
        Arrays.stream(Activation.values()).map(f -> withMlp(1).activation(f)),
        Stream.of(
            withMlp(2).activation(Activation.SOLU_LN).normalization(Normalization.LN_PRE),
            withMlp(1).activation(Activation.SOLU_LN).normalization(Normalization.NONE),
            withMlp(2).activation(Activation.GELU).parallelMlp(true),
            withMlp(1).parallelMlp(true).normalization(Normalization.NONE)));
  }

  private static Stream<TransformerConfigBuilder> gatedMlps() {
    return Stream.concat(
        Arrays.stream(Activation.values()).map(f -> withMlp(1).activation(f).gatedMlp(true)),
        Stream.of(
            withMlp(2)
                .activation(Activation.SOLU_LN)
                .gatedMlp(true)
                .normalization(Normalization.RMS),
            withMlp(2).activation(Activation.SILU).gatedMlp(true).parallelMlp(true)));
  }

  private static Stream<TransformerConfigBuilder> norms() {
    return Arrays.stream(Normalization.values())
        .flatMap(n -> Stream.of(attention(1).normalization(n), withMlp(2).normalization(n)));
  }

  private static Stream<TransformerConfigBuilder> positions() {
    return Stream.concat(
        Arrays.stream(Positions.values())
            .filter(p -> p != Positions.ROTARY)
            .map(p -> withMlp(1).positions(p)),
        Stream.of(
            attention(2).dHead(6).positions(Positions.ROTARY),
            attention(1).rotary(new Rotary(2, 10, Rotary.Pairing.HALVES)),
            attention(1).rotary(new Rotary(4, 100, Rotary.Pairing.ADJACENT)),
            attention(1).dHead(4).rotary(new Rotary(4, 10_000, Rotary.Pairing.ADJACENT))));
  }

  private static Stream<TransformerConfigBuilder> attentions() {
    return Stream.of(
        attention(2).heads(4).keyValueHeads(2),
        attention(1).heads(3).keyValueHeads(1),
        attention(1).attentionScale(false),
        attention(2).smearedKeys(true),
        attention(1).smearedKeys(true).heads(4).keyValueHeads(2),
        attention(2).direction(AttentionDirection.BIDIRECTIONAL),
        withMlp(1).direction(AttentionDirection.BIDIRECTIONAL).positions(Positions.SHORTFORMER));
  }

  private static Stream<TransformerConfigBuilder> vocabularies() {
    return Stream.of(
        attention(1).tiedUnembedding(true),
        withMlp(1).tiedUnembedding(true).normalization(Normalization.NONE),
        attention(1).vocabOut(4),
        attention(1).vocabOut(17));
  }

  private static Stream<TransformerConfigBuilder> mixed() {
    return Stream.of(
        // GPT-2
        withMlp(3).activation(Activation.GELU_NEW).tiedUnembedding(true),
        // Pythia
        withMlp(2).activation(Activation.GELU).parallelMlp(true).rotary(Rotary.of(2)),
        // Llama 3, llama2.c
        llama().rotary(Rotary.of(4)),
        llama().rotary(new Rotary(4, 500_000, Rotary.Pairing.ADJACENT)).tiedUnembedding(true),
        // all that attention can have at once
        llama()
            .rotary(new Rotary(2, 50, Rotary.Pairing.ADJACENT))
            .smearedKeys(true)
            .attentionScale(false)
            .direction(AttentionDirection.BIDIRECTIONAL)
            .parallelMlp(true),
        withMlp(2)
            .activation(Activation.SOLU_LN)
            .positions(Positions.SINUSOIDAL_SHORTFORMER)
            .smearedKeys(true)
            .vocabOut(5));
  }

  private static Stream<TransformerConfigBuilder> tiny() {
    TransformerConfigBuilder noLayers = withMlp(0).tiedUnembedding(true);
    return Stream.of(
        noLayers,
        one(TransformerConfig.attentionOnly(1)).normalization(Normalization.NONE),
        one(TransformerConfig.withMlps(1)).dMlp(1).activation(Activation.SOLU_LN),
        one(TransformerConfig.withMlps(1))
            .dMlp(1)
            .activation(Activation.SILU)
            .gatedMlp(true)
            .dHead(2)
            .rotary(Rotary.of(2))
            .normalization(Normalization.RMS_PRE));
  }

  private static TransformerConfigBuilder llama() {
    return withMlp(2)
        .heads(4)
        .keyValueHeads(2)
        .activation(Activation.SILU)
        .gatedMlp(true)
        .normalization(Normalization.RMS);
  }

  private static TransformerConfigBuilder attention(int layers) {
    return sized(TransformerConfig.attentionOnly(layers));
  }

  private static TransformerConfigBuilder withMlp(int layers) {
    return sized(TransformerConfig.withMlps(layers)).dMlp(7);
  }

  private static TransformerConfigBuilder sized(TransformerConfigBuilder builder) {
    return builder.heads(3).dModel(6).dHead(5).vocab(11).context(9).eps(1e-3);
  }

  private static TransformerConfigBuilder one(TransformerConfigBuilder builder) {
    return builder.heads(1).dModel(1).dHead(1).vocab(2).context(9).eps(1e-3);
  }
}
