package dev.circuitscope.toymodels.superposition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs this module's benchmarks and prints how we compare with libtorch. First it checks that both
 * do the same work; then it goes through all benchmarks several times over, so that a busy moment
 * of the machine does not fall on one side alone, and takes medians of the rounds' ratios.
 */
public final class ToyBenchmarks {

  private static final int ROUNDS = 3;
  private static final int SAME_DATA_STEPS = 20;
  private static final int OWN_DATA_STEPS = 1000;
  private static final int OWN_DATA_INSTANCES = 4;

  private ToyBenchmarks() {}

  /**
   * Runs everything, which takes about ten minutes, or some sizes.
   *
   * @param arguments the number of rounds, if not 3, then sizes such as 400x30, if not all
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments) throws RunnerException {
    int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
    List<ToySize> sizes = ToySize.named(Arrays.stream(arguments).skip(1).toList());
    List<String> checks = new ArrayList<>();
    for (ToySize size : sizes) {
      checks.add(
          "%s, same data for %d steps: weights differ by at most %.1e"
              .formatted(size, SAME_DATA_STEPS, largestDifferenceOnSameData(size)));
    }
    double[] losses = meanLosses();
    Map<String, List<Double>> times = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      measure(new OptionsBuilder().include(SgemmBenchmark.class.getName()), times);
      for (ToySize size : sizes) {
        measure(
            new OptionsBuilder()
                .include(ToyTrainingBenchmark.class.getName())
                .param("size", size.name())
                .param("instances", size.instanceCounts()),
            times);
      }
    }
    checks.forEach(System.out::println);
    System.out.printf(
        "%s, own data for %d steps: mean loss of %d instances %.6f (ours), %.6f (libtorch)%n%n",
        ToySize.NOTEBOOK, OWN_DATA_STEPS, OWN_DATA_INSTANCES, losses[0], losses[1]);
    report(sizes, times);
  }

  private static void measure(ChainedOptionsBuilder options, Map<String, List<Double>> times)
      throws RunnerException {
    Collection<RunResult> results = new Runner(options.build()).run();
    for (RunResult result : results) {
      String name =
          "%s %s %s"
              .formatted(
                  result.getPrimaryResult().getLabel(),
                  result.getParams().getParam("size"),
                  result.getParams().getParam("instances"));
      times
          .computeIfAbsent(name, key -> new ArrayList<>())
          .add(result.getPrimaryResult().getStatistics().getPercentile(50));
    }
  }

  private static void report(List<ToySize> sizes, Map<String, List<Double>> times) {
    double sgemm =
        2 * Math.pow(SgemmBenchmark.SIZE, 3) / median(times.get("sgemm null null")) / 1e3;
    System.out.printf("sgemm on all cores: %.0f GFLOP/s%n", sgemm);
    System.out.printf(
        "%8s %9s %14s %14s %7s %16s %8s %9s%n",
        "size",
        "instances",
        "ours, us/step",
        "libtorch, us",
        "ratio",
        "rounds",
        "GFLOP/s",
        "of sgemm");
    for (ToySize size : sizes) {
      for (int instances : size.instances) {
        String name = " " + size.name() + " " + instances;
        List<Double> ours = perStep(times.get("circuitscope" + name), size.steps);
        List<Double> libtorch = perStep(times.get("libtorch" + name), size.peerSteps);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
          ratios.add(libtorch.get(round) / ours.get(round));
        }
        double rate = size.flops(instances) / median(ours) / 1e3;
        System.out.printf(
            "%8s %9d %14.1f %14.1f %7.1f %16s %8.1f %8.0f%%%n",
            size,
            instances,
            median(ours),
            median(libtorch),
            median(ratios),
            "%.1f to %.1f"
                .formatted(
                    ratios.stream().min(Double::compare).orElseThrow(),
                    ratios.stream().max(Double::compare).orElseThrow()),
            rate,
            100 * rate / sgemm);
      }
    }
  }

  private static List<Double> perStep(List<Double> invocations, int steps) {
    return invocations.stream().map(time -> time / steps).toList();
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
  }

  /** Both sides from the same weights on the same batches: they must stay together. */
  static double largestDifferenceOnSameData(ToySize size) {
    ToyConfig config = size.config(2, SAME_DATA_STEPS);
    ToyResults ours = ToyTrainer.of(config).train();
    double largest = 0;
    try (LibtorchToyModel peer = new LibtorchToyModel(config)) {
      for (int step = 0; step < config.steps(); step++) {
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
    ToyConfig config = ToySize.NOTEBOOK.config(OWN_DATA_INSTANCES, OWN_DATA_STEPS);
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
