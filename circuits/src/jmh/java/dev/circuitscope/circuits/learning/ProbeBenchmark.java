package dev.circuitscope.circuits.learning;

import dev.circuitscope.circuits.learning.pertoken.HeadAblation;
import dev.circuitscope.circuits.learning.pertoken.LossDirection;
import dev.circuitscope.circuits.learning.pertoken.TokenProbe;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Per-token losses beside losses of every position, and before-and-after scores of all heads, on
 * 2,000 windows of 64 tokens: d_model 64, 4 heads, vocabulary 1024, one to three layers.
 *
 * <pre>
 * mvn -B -Dbenchmarks=circuits -pl circuits -am integration-test -DskipTests \
 *   -Dbenchmarks.main=dev.circuitscope.circuits.learning.ProbeBenchmark
 * </pre>
 */
public final class ProbeBenchmark {

  private static final int WINDOWS = 2000;
  private static final int LENGTH = 64;
  private static final int VOCABULARY = 1024;
  private static final int ROUNDS = 5;

  private ProbeBenchmark() {}

  /**
   * Prints milliseconds, the best of a few rounds that take turns.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    int[][] texts = tokens(3L);
    TokenProbe probe = TokenProbe.draw(texts, 4L);
    for (int layers = 1; layers <= 3; layers++) {
      Transformer model = model(layers, 1L);
      Transformer other = model(layers, 2L);
      LossDirection change = LossDirection.between(probe.losses(other), probe.losses(model));
      Runnable[] calls = {
        () -> probe.losses(model),
        () -> InContextLearning.of(model, texts),
        () -> change.scores(model, probe, HeadAblation.patternPreserving()),
        () -> change.scores(model, probe, HeadAblation.full())
      };
      double[] best = new double[calls.length];
      Arrays.fill(best, Double.POSITIVE_INFINITY);
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < calls.length; i++) {
          long start = System.nanoTime();
          calls[i].run();
          best[i] = Math.min(best[i], (System.nanoTime() - start) / 1e6);
        }
      }
      System.out.printf(
          "%d layers: one position %.0f ms, all positions %.0f ms; scores of %d heads %.0f ms"
              + " preserving patterns, %.0f ms fully%n",
          layers, best[0], best[1], 4 * layers, best[2], best[3]);
    }
  }

  private static Transformer model(int layers, long seed) {
    return Transformer.create(
        TransformerConfig.attentionOnly(layers)
            .heads(4)
            .dModel(64)
            .vocab(VOCABULARY)
            .context(LENGTH)
            .build(),
        seed);
  }

  private static int[][] tokens(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][] tokens = new int[WINDOWS][LENGTH];
    for (int[] window : tokens) {
      Arrays.setAll(window, i -> random.nextInt(VOCABULARY));
    }
    return tokens;
  }
}
