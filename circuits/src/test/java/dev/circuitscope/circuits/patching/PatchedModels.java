package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

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

  /** The same model with all weights multiplied, so that numbers are not large. */
  static Transformer scaled(Transformer model, double factor) {
    Weights weights =
        Weights.of(
            model.config(),
            parameter -> {
              float[] values = model.weights().elements(parameter.name());
              for (int i = 0; i < values.length; i++) {
                values[i] *= (float) factor;
              }
              return values;
            });
    return Transformer.of(model.config(), weights);
  }

  /** Some kinds of models, as different as few can be. */
  static Stream<Transformer> someKinds() {
    List<TransformerConfig> all =
        Stream.concat(TestModels.twoLayers(), TestModels.family())
            .filter(config -> config.nLayers() > 0 && config.nCtx() >= 4)
            .toList();
    return IntStream.range(0, all.size()).filter(i -> i % 5 == 0).mapToObj(i -> of(all.get(i)));
  }

  static Transformer of(TransformerConfig config) {
    return Transformer.of(config, TestModels.weights(config, 5L));
  }

  static int[][] tokens(Transformer model, int batch, int pos, long seed) {
    return TestModels.tokens(model.config(), batch, pos, seed);
  }

  /** A linear metric with random weights between -0.05 and 0.05. */
  static DifferentiableMetric linear(Transformer model, int batch, int pos, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    INDArray weights = Nd4j.create(batch, pos, model.config().dVocabOut());
    for (long i = 0; i < weights.length(); i++) {
      weights.putScalar(i, (random.nextDouble() - 0.5) / 10);
    }
    return Metrics.linear(weights);
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
