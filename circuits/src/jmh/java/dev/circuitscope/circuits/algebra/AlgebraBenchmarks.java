package dev.circuitscope.circuits.algebra;

import java.util.Collection;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs this package's benchmarks and prints how factored circuits compare with dense ones. */
public final class AlgebraBenchmarks {

  /** Pairs of heads in 12 layers of 12, three kinds each; and those of the dense benchmark. */
  private static final int SCORES = 3 * 66 * 144;

  private static final int DENSE_SCORES = 12;

  private AlgebraBenchmarks() {}

  /**
   * Runs everything but Commons Math at 2048, in about five minutes.
   *
   * @param arguments the benchmarks' names, if not all; then, the sizes of decompositions
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments) throws RunnerException {
    ChainedOptionsBuilder options = new OptionsBuilder().include("circuits.algebra.*Benchmark");
    if (arguments.length > 0) {
      options = new OptionsBuilder().include(arguments[0]);
    }
    if (arguments.length > 1) {
      options.param("size", arguments[1].split(","));
    }
    TreeMap<String, Double> times = new TreeMap<>();
    Collection<RunResult> results = new Runner(options.build()).run();
    for (RunResult result : results) {
      times.put(result.getPrimaryResult().getLabel(), result.getPrimaryResult().getScore());
    }
    ratio(times, "eigenvalues, dense to factored", "eigenvaluesDense", "eigenvaluesFactored", 1);
    ratio(
        times,
        "composition, dense to factored",
        "compositionOf12PairsDense",
        "compositionOfAllPairs",
        (double) SCORES / DENSE_SCORES);
  }

  private static void ratio(
      TreeMap<String, Double> times, String what, String dense, String factored, double work) {
    if (times.containsKey(dense) && times.containsKey(factored)) {
      System.out.printf("%-34s %.0fx%n", what, times.get(dense) * work / times.get(factored));
    }
  }
}
