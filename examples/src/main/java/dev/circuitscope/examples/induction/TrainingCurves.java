package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.heads.RepeatScores;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.core.train.LogEntry;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What moved during training, over tokens seen. */
final class TrainingCurves {

  private static final String TOKENS = "tokens seen (millions)";

  /** Losses above this multiple of the lowest held-out one are cut off. */
  private static final double CUT = 1.6;

  private static final String PHASE_CHANGE = "phase change";

  private TrainingCurves() {}

  /** Losses, induction and in-context learning of several models above each other. */
  static Figure of(List<ModelRun> runs, Optional<Band> band) {
    LinePlot loss = panel("Loss", "nats/token", band);
    lossRange(runs).ifPresent(r -> loss.yRange(r[0], r[1]));
    LinePlot copy = panel("Loss on random tokens that come again", "nats/token", band);
    LinePlot induction = panel("Best induction score of all heads", "score", band).yRange(0, 1);
    LinePlot inContext = panel("In-context learning score on held-out text", "nats", band);
    for (int i = 0; i < runs.size(); i++) {
      ModelRun run = runs.get(i);
      loss.add(line(run, run.name() + ", held-out", run.timeline().evalLoss(), i));
      loss.add(trainingLoss(run, i));
      copy.add(line(run, run.name(), run.timeline().secondCopyLoss(), i));
      induction.add(line(run, run.name(), run.timeline().bestInduction(), i));
      inContext.add(line(run, run.name(), run.timeline().inContextLearning(), i));
    }
    return Figure.stack(loss.figure(), copy.figure(), induction.figure(), inContext.figure());
  }

  /** The two halves of the circuit: induction heads and the previous-token head they build on. */
  static Figure ofHeads(ModelRun run, List<Head> heads, Optional<Band> band) {
    LinePlot plot = panel("The two halves of the circuit", "score", band).yRange(0, 1);
    Head previous = run.previousTokenHead();
    plot.add(
        line(
                run,
                previous + ": previous token",
                run.timeline().score(RepeatScores::previousToken, previous),
                3)
            .withDashes());
    for (int i = 0; i < heads.size(); i++) {
      double[] scores = run.timeline().induction(heads.get(i));
      plot.add(line(run, heads.get(i) + ": induction", scores, i == 0 ? 1 : 3 + i));
    }
    return plot.figure();
  }

  /** Without the fall of the first steps, beside which nothing else would be seen. */
  private static Optional<double[]> lossRange(List<ModelRun> runs) {
    DoubleSummaryStatistics all =
        runs.stream()
            .flatMapToDouble(r -> Arrays.stream(r.timeline().evalLoss()))
            .summaryStatistics();
    double low =
        runs.stream()
            .flatMap(r -> r.training().history().stream())
            .mapToDouble(LogEntry::trainLoss)
            .reduce(all.getMin(), Math::min);
    double high = CUT * all.getMin();
    return high < all.getMax() ? Optional.of(new double[] {low, high}) : Optional.empty();
  }

  /** A stretch of training to shade, in millions of tokens. */
  record Band(double from, double to) {
    static Optional<Band> of(ModelRun run, Optional<PhaseChange> change) {
      return change.map(c -> new Band(run.millions(c.start()), run.millions(c.end())));
    }
  }

  private static LinePlot panel(String title, String y, Optional<Band> band) {
    LinePlot plot = new LinePlot(title).x(TOKENS).y(y);
    band.ifPresent(b -> plot.band(PHASE_CHANGE, b.from(), b.to()));
    return plot;
  }

  private static Series line(ModelRun run, String name, double[] values, int color) {
    long[] seen = run.timeline().tokensSeen();
    double[] x = new double[seen.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = seen[i] / 1e6;
    }
    return Series.of(name, x, values).withColor(color);
  }

  /** The loss of single batches, averaged over the steps between two snapshots. */
  private static Series trainingLoss(ModelRun run, int color) {
    long[] steps = run.timeline().steps();
    Function<Integer, List<LogEntry>> between =
        i ->
            run.training().history().stream()
                .filter(e -> e.step() > steps[i - 1] && e.step() <= steps[i])
                .toList();
    double[] x = new double[steps.length - 1];
    double[] y = new double[steps.length - 1];
    for (int i = 1; i < steps.length; i++) {
      x[i - 1] = run.millions((steps[i - 1] + steps[i]) / 2.0);
      y[i - 1] =
          between.apply(i).stream().mapToDouble(LogEntry::trainLoss).average().orElse(Double.NaN);
    }
    return Series.of(run.name() + ", training", x, y).withColor(color).withDashes();
  }
}
