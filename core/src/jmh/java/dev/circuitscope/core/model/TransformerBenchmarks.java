package dev.circuitscope.core.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs this module's benchmarks and prints how we compare with libtorch. First it checks that both
 * compute the same loss; then it goes through all benchmarks several times over, compares the two
 * sides within each round, and takes the median of the rounds: on a shared machine single rounds
 * are far apart, and so it prints the lowest and the highest too.
 */
public final class TransformerBenchmarks {

  private static final int ROUNDS = 5;

  private TransformerBenchmarks() {}

  /**
   * Runs everything; takes some minutes.
   *
   * @param arguments the number of rounds, if not 5
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments) throws RunnerException {
    int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
    double[] losses = losses();
    Map<String, List<Double>> times = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      for (RunResult result :
          new Runner(new OptionsBuilder().include(TransformerBenchmark.class.getName()).build())
              .run()) {
        times
            .computeIfAbsent(result.getPrimaryResult().getLabel(), key -> new ArrayList<>())
            .add(result.getPrimaryResult().getStatistics().getPercentile(50));
      }
    }
    System.out.printf(
        "%nLoss of the same weights: %.6f (ours), %.6f (libtorch)%n%n", losses[0], losses[1]);
    report(times);
  }

  private static void report(Map<String, List<Double>> times) {
    double sgemm = 2 * Math.pow(TransformerBenchmark.SGEMM, 3) / median(times.get("sgemm")) / 1e3;
    System.out.printf(
        "%-22s %12s %14s %7s %9s %18s%n",
        "", "ours, ms", "libtorch, ms", "ratio", "GFLOP/s", "of sgemm's " + (int) sgemm);
    row("forward, full cache", times, "forward", forwardFlops(), sgemm);
    row("training step", times, "step", 3 * forwardFlops(), sgemm);
  }

  private static void row(
      String name, Map<String, List<Double>> times, String key, double flops, double sgemm) {
    List<Double> ours = times.get(key + "Circuitscope");
    List<Double> libtorch = times.get(key + "Libtorch");
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(libtorch.get(round) / ours.get(round));
    }
    double rate = flops / median(ours) / 1e3;
    System.out.printf(
        "%-22s %12.2f %14.2f %6.2fx %9.1f %17.0f%%   rounds %.2f to %.2f%n",
        name,
        median(ours) / 1e3,
        median(libtorch) / 1e3,
        median(ratios),
        rate,
        100 * rate / sgemm,
        Collections.min(ratios),
        Collections.max(ratios));
  }

  /** Products of a forward pass, with whole attention squares though half of them is masked. */
  private static double forwardFlops() {
    TransformerConfig c = TransformerBenchmark.model().config();
    double rows = 8.0 * 256;
    double perLayer = 4 * rows * c.dModel() * c.width() + 2 * rows * 256 * c.width();
    return 2 * (c.nLayers() * perLayer + rows * c.dModel() * c.dVocab());
  }

  private static double[] losses() {
    Transformer model = TransformerBenchmark.model();
    int[][] tokens = TransformerBenchmark.tokens();
    double ours = model.loss(tokens);
    try (LibtorchTransformer peer = new LibtorchTransformer(model, tokens)) {
      double libtorch = peer.loss();
      if (!(Math.abs(ours - libtorch) < 1e-4)) {
        throw new IllegalStateException(
            "libtorch and we do not compute the same: loss " + libtorch + " and " + ours);
      }
      return new double[] {ours, libtorch};
    }
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
