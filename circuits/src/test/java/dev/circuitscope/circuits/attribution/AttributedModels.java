package dev.circuitscope.circuits.attribution;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.stream.Stream;

/** A small model with all weights random, tokens for it, and a run that kept what runs keep. */
record AttributedModels(Transformer model, int[][] tokens, Run run) {

  static Stream<AttributedModels> everyKind() {
    return TestModels.everyKind().map(AttributedModels::of);
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

  ResidualStream stream() {
    return ResidualStream.of(model, run);
  }

  @Override
  public String toString() {
    return model.toString();
  }
}
