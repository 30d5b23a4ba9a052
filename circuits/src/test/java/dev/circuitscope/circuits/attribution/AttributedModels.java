package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A small model with all weights random, tokens for it, and a run that kept what runs keep. */
record AttributedModels(Transformer model, int[][] tokens, Run run) {

  static Stream<AttributedModels> everyKind() {
    return Stream.concat(TestModels.everyKind(), TestModels.family()).map(AttributedModels::of);
  }

  static AttributedModels of(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 5L));
    int[][] tokens = TestModels.tokens(config, 2, 7, 6L);
    return new AttributedModels(
        model, tokens, model.runWithCache(tokens, Capture.all(), Hooks.none()));
  }

  Run runWithHeadResults() {
    return model.runWithCache(tokens, Capture.everything(), Hooks.none());
  }

  /** For every position of every example a token that the model predicts. */
  int[][] answers() {
    return Arrays.stream(tokens)
        .map(row -> Arrays.stream(row).map(t -> t % model.config().dVocabOut()).toArray())
        .toArray(int[][]::new);
  }

  /** Each position's logit of a token. */
  INDArray logits(LogitDirections.TokenAt token) {
    INDArray logits = Nd4j.create(2, 7);
    for (int b = 0; b < 2; b++) {
      for (int p = 0; p < 7; p++) {
        logits.putScalar(b, p, run.logits().getDouble(b, p, token.token(b, p)));
      }
    }
    return logits;
  }

  INDArray unembedding() {
    return model.config().vocabulary().tied()
        ? model.weights().get("embed.W_E").transpose().dup('c')
        : model.weights().get("unembed.W_U");
  }

  boolean hasMlps() {
    return model.config().mlp().isPresent() && model.config().nLayers() > 0;
  }

  ResidualStream stream() {
    return ResidualStream.of(model, run);
  }

  @Override
  public String toString() {
    return model + (hasMlps() ? ", " + model.config().mlp().get() : "");
  }
}
