package dev.circuitscope.toymodels.superposition;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs this module's benchmarks and prints how we compare with libtorch. First it checks that both
 * do the same work; then it goes through all benchmarks several times over, so that a busy moment
 * of the machine does not fall on one side alone, and takes medians.
 */
public final class ToyBenchmarks {

  private static final int ROUNDS = 3;
  private static final int SAME_DATA_STEPS = 50;
  private static final int OWN_DATA_STEPS = 1000;
  private static final int OWN_DATA_INSTANCES = 4;

  private ToyBenchmarks() {}

  /**
   * Runs everything; takes a few minutes.
   *
   * @param arguments the number of rounds, if not 3
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments) throws RunnerException {
    int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
    double difference = largestDifferenceOnSameData();
    double[] losses = meanLosses();
    Map<String, List<Double>> times = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      Collection<RunResult> results =
          new Runner(
                  new OptionsBuilder()
                      .include(ToyTrainingBenchmark.class.getName())
                      .include(SgemmBenchmark.class.getName())
                      .build())
              .run();
      for (RunResult result : results) {
        String name =
            result.getPrimaryResult().getLabel() + " " + result.getParams().getParam("instances");
        times
            .computeIfAbsent(name, key -> new ArrayList<>())
            .add(result.getPrimaryResult().getStatistics().getPercentile(50));
      }
    }
    System.out.printf(
        "%nSame data for %d steps: weights differ by at most %.1e.%n", SAME_DATA_STEPS, difference);
    System.out.printf(
        "Own data for %d steps: mean loss of %d instances %.6f (ours), %.6f (libtorch).%n%n",
        OWN_DATA_STEPS, OWN_DATA_INSTANCES, losses[0], losses[1]);
    report(times);
  }

  private static void report(Map<String, List<Double>> times) {
    double sgemm = 2 * Math.pow(SgemmBenchmark.SIZE, 3) / median(times.get("sgemm null")) / 1e3;
    System.out.printf(
        "%9s %16s %16s %8s %10s %16s%n",
        "instances",
        "ours, us/step",
        "libtorch, us",
        "ratio",
        "GFLOP/s",
        "of sgemm's " + (int) sgemm);
    for (int instances : new int[] {1, 10}) {
      double ours = median(times.get("circuitscope " + instances));
      double libtorch = median(times.get("libtorch " + instances));
      ToyConfig config = ToyTrainingBenchmark.config(instances, 0);
      // Five products of n x m x batch: encode, decode, dh, and two for dW.
      double flops = 10.0 * config.features() * config.hidden() * config.batch() * instances;
      System.out.printf(
          "%9d %16.1f %16.1f %7.1fx %10.1f %15.0f%%%n",
          instances,
          ours,
          libtorch,
          libtorch / ours,
          flops / ours / 1e3,
          flops / ours / 10 / sgemm);
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** Both sides from the same weights on the same batches: they must stay together. */
  static double largestDifferenceOnSameData() {
    ToyConfig config = ToyTrainingBenchmark.config(2, SAME_DATA_STEPS);
    ToyResults ours = ToyTrainer.of(config).train();
    double largest = 0;
    try (LibtorchToyModel peer = new LibtorchToyModel(config)) {
      for (int step = 0; step < SAME_DATA_STEPS; step++) {
        peer.step(batch(config, step));
      }
      float[] theirs = peer.weights();
      for (ToyRun run : ours.runs()) {
        float[][] w = run.model().weights();
        for (int k = 0; k < config.hidden(); k++) {
          for (int i = 0; i < config.features(); i++) {
            int at = (run.instance() * config.hidden() + k) * config.features() + i;
            largest = Math.max(largest, Math.abs(theirs[at] - w[k][i]));
          }
        }
      }
    }
    if (!(largest < 1e-4)) {
      throw new IllegalStateException(
          "libtorch and we do not compute the same: weights differ by " + largest);
    }
    return largest;
  }

  /** One step's samples of every instance, [instance, sample, feature]. */
  private static float[] batch(ToyConfig config, int step) {
    int n = config.features();
    float[] samples = new float[config.instances() * config.batch() * n];
    int at = 0;
    for (int instance = 0; instance < config.instances(); instance++) {
      long stream = Instance.batchKey(config, instance, step);
      for (int s = 0; s < config.batch(); s++) {
        double p = config.featureProbability(instance);
        for (double x : ReferenceModel.sample(stream, s, n, p)) {
          samples[at++] = (float) x;
        }
      }
    }
    return samples;
  }

  static double[] meanLosses() {
    ToyConfig config = ToyTrainingBenchmark.config(OWN_DATA_INSTANCES, OWN_DATA_STEPS);
    ToyResults ours = ToyTrainer.of(config).train();
    double[] means = new double[2];
    try (LibtorchToyModel peer = new LibtorchToyModel(config)) {
      for (int step = 0; step < config.steps(); step++) {
        peer.step();
      }
      for (int i = 0; i < config.instances(); i++) {
        means[0] +=
            ours.runs().get(i).model().sampledLoss(config.importance(), 0.1, 65536, 1)
                / config.instances();
        means[1] +=
            peer.model(i).sampledLoss(config.importance(), 0.1, 65536, 1) / config.instances();
      }
    }
    return means;
  }
}
