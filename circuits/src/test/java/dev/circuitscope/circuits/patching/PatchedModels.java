package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Small models with all weights random. */
final class PatchedModels {

  private PatchedModels() {}

  static Transformer attentionOnly(int layers, Normalization normalization) {
    return of(
        TransformerConfig.attentionOnly(layers)
            .heads(4)
            .dModel(16)
            .vocab(13)
            .context(12)
            .normalization(normalization)
            .build());
  }

  static Transformer withMlps(Normalization normalization) {
    return of(
        TransformerConfig.withMlps(2)
            .heads(4)
            .dModel(16)
            .dMlp(20)
            .vocab(13)
            .context(12)
            .normalization(normalization)
            .build());
  }

  static Stream<Transformer> everyKind() {
    return TestModels.everyKind().map(PatchedModels::of);
  }

  static Transformer of(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 5L));
  }

  static int[][] tokens(Transformer model, int batch, int pos, long seed) {
    return TestModels.tokens(model.config(), batch, pos, seed);
  }

  static double largestDifference(INDArray a, INDArray b) {
    double[] x = a.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    double[] y = b.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    if (x.length != y.length) {
      throw new IllegalArgumentException(x.length + " and " + y.length + " elements");
    }
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }
}
