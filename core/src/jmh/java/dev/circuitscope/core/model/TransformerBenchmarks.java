package dev.circuitscope.core.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs this module's benchmarks and prints how we compare with libtorch. First it checks that both
 * compute the same loss; then it goes through all benchmarks many times over in short turns,
 * compares the two sides within each round, and takes the median of the rounds: on a shared machine
 * the speed changes within seconds, and so the two sides must follow each other closely. It prints
 * the rounds' quartiles too.
 */
public final class TransformerBenchmarks {

  private static final int ROUNDS = 20;

  private TransformerBenchmarks() {}

  /**
   * Runs everything; takes some minutes.
   *
   * @param arguments the number of rounds, if not 20
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments) throws RunnerException {
    int rounds = arguments.length == 0 ? ROUNDS : Integer.parseInt(arguments[0]);
    double[] losses = losses();
    Map<String, List<Double>> times = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      for (RunResult result : new Runner(turn(round == 0)).run()) {
        times
            .computeIfAbsent(result.getPrimaryResult().getLabel(), key -> new ArrayList<>())
            .add(result.getPrimaryResult().getStatistics().getPercentile(50));
      }
    }
    System.out.printf(
        "%nLoss of the same weights: %.6f (ours), %.6f (libtorch)%n%n", losses[0], losses[1]);
    report(times);
  }

  /** One short turn of each benchmark in this JVM, the first one with time to compile. */
  private static Options turn(boolean first) {
    return new OptionsBuilder()
        .include(TransformerBenchmark.class.getName())
        .verbosity(VerboseMode.SILENT)
        .forks(0)
        .warmupIterations(1)
        .warmupTime(first ? TimeValue.seconds(6) : TimeValue.milliseconds(500))
        .measurementIterations(1)
        .measurementTime(TimeValue.seconds(1))
        .build();
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
        "%-22s %12.2f %14.2f %6.2fx %9.1f %17.0f%%   quartiles %.2f to %.2f%n",
        name,
        median(ours) / 1e3,
        median(libtorch) / 1e3,
        median(ratios),
        rate,
        100 * rate / sgemm,
        quantile(ratios, 0.25),
        quantile(ratios, 0.75));
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
    return quantile(values, 0.5);
  }

  private static double quantile(List<Double> values, double share) {
    return values.stream().sorted().toList().get((int) (share * (values.size() - 1) + 0.5));
  }
}
