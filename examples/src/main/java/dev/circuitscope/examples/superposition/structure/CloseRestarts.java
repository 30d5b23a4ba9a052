package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.core.array.Parallel;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Arrays;
import java.util.List;

/**
 * Tells apart restarts whose losses differ by less than the error of a training's own held-out
 * loss: near a change of phase, different arrangements of features differ by a percent or two.
 */
final class CloseRestarts {

  /** Losses within this factor of the lowest are measured anew. */
  private static final double CLOSE = 1.15;

  /** At p = 0.05 the error of a difference of 2% is a few tenths of a percent. */
  private static final int SAMPLES = 1 << 20;

  private CloseRestarts() {}

  /** The same runs, with losses on more samples where they are close to the lowest. */
  static ToyResults measured(ToyResults results) {
    ToyConfig config = results.config();
    int probabilities = config.featureProbabilities().size();
    double[] lowest = new double[probabilities];
    Arrays.setAll(lowest, i -> results.best(i).finalLoss());
    ToyRun[] runs = results.runs().toArray(ToyRun[]::new);
    Parallel.forEach(
        runs.length,
        i -> {
          ToyRun run = runs[i];
          if (run.finalLoss() <= CLOSE * lowest[i % probabilities]) {
            runs[i] = withLoss(run, loss(run, config));
          }
        });
    return new ToyResults(config, results.version(), List.of(runs));
  }

  private static double loss(ToyRun run, ToyConfig config) {
    return run.model()
        .sampledLoss(
            config.importance(),
            config.distribution(),
            run.featureProbability(),
            SAMPLES,
            config.seed() ^ SAMPLES);
  }

  private static ToyRun withLoss(ToyRun run, double loss) {
    return new ToyRun(
        run.instance(),
        run.featureProbability(),
        run.restart(),
        run.model(),
        loss,
        run.history(),
        run.snapshots());
  }
}
