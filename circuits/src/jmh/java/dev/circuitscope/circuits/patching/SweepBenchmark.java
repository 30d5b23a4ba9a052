package dev.circuitscope.circuits.patching;

import dev.circuitscope.core.array.FlatFloats;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A sweep over heads and positions beside one plain run for each patch, in turns in one program: 2
 * layers of 12 heads, d_model 768, 64 positions, one pair of prompts.
 *
 * <pre>
 * mvn -B -Dbenchmarks=circuits -pl circuits -am integration-test -DskipTests \
 *   -Dbenchmarks.main=dev.circuitscope.circuits.patching.SweepBenchmark
 * </pre>
 */
public final class SweepBenchmark {

  private static final int HEADS = 12;
  private static final int POSITIONS = 64;
  private static final int VOCABULARY = 1024;
  private static final int ROUNDS = 2;

  private final Transformer model =
      Transformer.create(
          TransformerConfig.attentionOnly(2)
              .heads(HEADS)
              .dModel(768)
              .vocab(VOCABULARY)
              .context(POSITIONS)
              .build(),
          1L);
  private final int[][] clean = tokens(2L);
  private final int[][] corrupted = tokens(3L);

  private SweepBenchmark() {}

  /**
   * Prints milliseconds and the ratio of every round, the largest difference of results and the
   * ratio of the fastest times.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    SweepBenchmark benchmark = new SweepBenchmark();
    benchmark.compare("logit difference", Metrics.logitDifference(new int[] {1}, new int[] {2}));
    benchmark.compare("loss", Metrics.loss(benchmark.clean));
  }

  private void compare(String name, Metric metric) {
    double plainBest = Double.POSITIVE_INFINITY;
    double sweepBest = Double.POSITIVE_INFINITY;
    double difference = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      double[] plain = plain(metric);
      double plainTime = (System.nanoTime() - start) / 1e6;
      start = System.nanoTime();
      double[] sweep = sweep(metric);
      double sweepTime = (System.nanoTime() - start) / 1e6;
      for (int i = 0; i < plain.length; i++) {
        difference = Math.max(difference, Math.abs(plain[i] - sweep[i]));
      }
      plainBest = Math.min(plainBest, plainTime);
      sweepBest = Math.min(sweepBest, sweepTime);
      System.out.printf(
          "%s: %d plain runs %.0f ms, sweep %.0f ms, %.1f times as fast%n",
          name, plain.length, plainTime, sweepTime, plainTime / sweepTime);
    }
    System.out.printf(
        "%s: fastest sweep %.1f times as fast as fastest plain runs, largest difference %.1e%n",
        name, plainBest / sweepBest, difference);
  }

  private double[] sweep(Metric metric) {
    return ActivationPatching.of(model, clean, corrupted, metric)
        .sweep(Site.Z, PatchAxis.LAYER, PatchAxis.HEAD, PatchAxis.POS)
        .values();
  }

  /** What a person would write: the clean run's z, and a hook on each run. */
  private double[] plain(Metric metric) {
    double[] values = new double[2 * HEADS * POSITIONS];
    Capture z = Capture.only(HookPoint.z(0), HookPoint.z(1));
    try (Run source = model.runWithCache(clean, z, Hooks.none())) {
      for (int i = 0; i < values.length; i++) {
        HookPoint point = HookPoint.z(i / (HEADS * POSITIONS));
        int head = i / POSITIONS % HEADS;
        int pos = i % POSITIONS;
        INDArray from = source.cache().get(point);
        Hooks hooks =
            Hooks.at(
                point,
                (x, at) -> {
                  int row = (pos * HEADS + head) * 64;
                  FlatFloats.own(x).put(row, FlatFloats.own(from), row, 64);
                  return x;
                });
        try (Run run = model.runWithCache(corrupted, Capture.nothing(), hooks)) {
          values[i] = metric.of(run.logits());
        }
      }
    }
    return values;
  }

  private static int[][] tokens(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] tokens = new int[POSITIONS];
    Arrays.setAll(tokens, t -> random.nextInt(VOCABULARY));
    return new int[][] {tokens};
  }
}
