package dev.circuitscope.core.reference;

import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Parameter;
import dev.circuitscope.core.model.ParameterLayout;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.model.Weights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Small models of every kind, with sizes that no vector length divides: d_model 6, 3 heads of 5,
 * vocabulary 11, context 9. No weight is 0 or 1, biases and LayerNorm's vectors included.
 */
public final class TestModels {

  private TestModels() {}

  public static TransformerConfig config(
      int layers, Normalization normalization, Positions positions) {
    return TransformerConfig.attentionOnly(layers)
        .heads(3)
        .dModel(6)
        .dHead(5)
        .vocab(11)
        .context(9)
        .normalization(normalization)
        .positions(positions)
        .eps(1e-3)
        .build();
  }

  /** Every normalisation with every kind of positions, 0 to 3 layers. */
  public static Stream<TransformerConfig> everyKind() {
    return IntStream.rangeClosed(0, 3).boxed().flatMap(TestModels::everyKindOf);
  }

  /** Every normalisation with every kind of positions, 2 layers. */
  public static Stream<TransformerConfig> twoLayers() {
    return everyKindOf(2);
  }

  /** One small model of every architecture, several mixed ones, and the smallest possible. */
  public static Stream<TransformerConfig> family() {
    return ModelFamily.all();
  }

  private static Stream<TransformerConfig> everyKindOf(int layers) {
    return Stream.of(Normalization.NONE, Normalization.LN, Normalization.LN_PRE)
        .flatMap(
            n ->
                Stream.of(Positions.values())
                    .filter(p -> p != Positions.ROTARY)
                    .map(p -> config(layers, n, p)));
  }

  /** Weights that make attention scores of order 1: neither uniform nor saturated patterns. */
  public static Weights weights(TransformerConfig config, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (Parameter p : new ParameterLayout(config).parameters()) {
      float[] values = new float[p.length()];
      double centre = p.name().endsWith(".w") ? 1 : 0;
      double deviation = p.name().contains("embed.W") ? 0.7 : 0.35;
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (centre + deviation * random.nextGaussian());
      }
      arrays.put(p.name(), Nd4j.createFromArray(values).reshape('c', p.shape()));
    }
    return Weights.of(config, arrays);
  }

  /**
   * Random tokens of which the model predicts all but the first of each example, so that there is a
   * loss.
   */
  public static int[][] tokens(TransformerConfig config, int batch, int pos, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int predicted = Math.min(config.dVocab(), config.dVocabOut());
    int[][] tokens = new int[batch][pos];
    for (int[] example : tokens) {
      for (int t = 0; t < pos; t++) {
        example[t] = random.nextInt(t == 0 ? config.dVocab() : predicted);
      }
    }
    return tokens;
  }
}
