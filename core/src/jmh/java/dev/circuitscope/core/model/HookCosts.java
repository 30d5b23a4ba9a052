package dev.circuitscope.core.model;

import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.hook.Site;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What looking costs: a run that keeps nothing, one with a full cache, and ones with a reading hook
 * or a hook that may change something at every point of which a full cache has a copy; and one that
 * reads all but the scores, which a run without hooks need not keep. The kinds of run take turns,
 * and each is compared with the run without hooks beside it, so that a busy moment of the machine
 * falls on all of them.
 */
public final class HookCosts {

  private static final int WARM_UP = 60;
  private static final int ROUNDS = 300;

  private HookCosts() {}

  /**
   * Prints the table; takes about a minute.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    Transformer model = TransformerBenchmark.model();
    int[][] tokens = TransformerBenchmark.tokens();
    long[] seen = new long[1];
    Hooks reading = Hooks.none();
    Hooks withoutScores = Hooks.none();
    Hooks general = Hooks.none();
    List<HookPoint> points =
        model.config().hookPoints().stream().filter(p -> !p.site().onDemand()).toList();
    for (HookPoint point : points) {
      Hooks here = Hooks.read(point, (x, at) -> seen[0] += x.length());
      reading = reading.and(here);
      withoutScores = point.site() == Site.ATTN_SCORES ? withoutScores : withoutScores.and(here);
      general = general.and(Hooks.at(point, (x, at) -> x));
    }
    Hooks readers = reading;
    Hooks few = withoutScores;
    Hooks others = general;
    List<String> names =
        List.of(
            "nothing kept, no hooks",
            "full cache",
            points.size() + " reading hooks",
            few.points().size() + " of them, not scores",
            points.size() + " general hooks");
    List<Supplier<Run>> kinds =
        List.of(
            () -> model.runWithCache(tokens, Capture.nothing(), Hooks.none()),
            () -> model.runWithCache(tokens, Capture.all(), Hooks.none()),
            () -> model.runWithCache(tokens, Capture.nothing(), readers),
            () -> model.runWithCache(tokens, Capture.nothing(), few),
            () -> model.runWithCache(tokens, Capture.nothing(), others));
    report(names, measure(kinds));
    if (seen[0] == 0) {
      throw new IllegalStateException("no hook was called");
    }
  }

  /** Milliseconds of each kind in each round. */
  private static double[][] measure(List<Supplier<Run>> kinds) {
    double[][] times = new double[kinds.size()][ROUNDS];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      for (int kind = 0; kind < kinds.size(); kind++) {
        long start = System.nanoTime();
        kinds.get(kind).get().close();
        if (round >= 0) {
          times[kind][round] = (System.nanoTime() - start) / 1e6;
        }
      }
    }
    return times;
  }

  private static void report(List<String> names, double[][] times) {
    System.out.printf(
        "%n%-26s %10s %14s %18s%n", "", "median, ms", "to no hooks", "to the full cache");
    for (int kind = 0; kind < times.length; kind++) {
      System.out.printf(
          "%-26s %10.2f %13.1f%% %17.1f%%%n",
          names.get(kind),
          median(times[kind]),
          100 * ratio(times[kind], times[0]),
          100 * ratio(times[kind], times[1]));
    }
  }

  /** The median over rounds of how two kinds compare in the same round. */
  private static double ratio(double[] times, double[] reference) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < times.length; round++) {
      ratios.add(times[round] / reference[round]);
    }
    return median(ratios.stream().mapToDouble(r -> r).toArray());
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
