package dev.circuitscope.examples.superposition.dynamics;

import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.superposition.ShownToyTraining;
import dev.circuitscope.toymodels.dynamics.LearningDynamics;
import dev.circuitscope.toymodels.superposition.CorrelatedSets;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.stream.IntStream;

/**
 * A training that was looked at often.
 *
 * @param results of all restarts, with snapshots
 * @param dynamics of the best restart
 * @param seconds of training and measuring
 */
public record WatchedTraining(ToyResults results, LearningDynamics dynamics, double seconds) {

  static WatchedTraining of(
      String task,
      DynamicsRecipe.Watched watched,
      int restarts,
      int samples,
      long seed,
      Progress progress) {
    ToyConfig.Builder builder =
        ToyConfig.builder(watched.features(), watched.hidden())
            .featureProbability(watched.probability())
            .restarts(restarts)
            .training(watched.training())
            .seed(seed);
    if (watched.setSize() > 1) {
      builder.distribution(new CorrelatedSets(watched.setSize()));
    }
    ToyConfig config = builder.build();
    int[] snapshots =
        IntStream.rangeClosed(0, config.steps() / watched.every())
            .map(i -> i * watched.every())
            .toArray();
    long start = System.nanoTime();
    ToyTrainer trainer = ToyTrainer.of(config).recordEvery(watched.every()).snapshotAt(snapshots);
    ToyResults results = ShownToyTraining.train(trainer, config, task, progress);
    LearningDynamics dynamics = LearningDynamics.of(config, results.best(0), samples);
    return new WatchedTraining(results, dynamics, (System.nanoTime() - start) * 1e-9);
  }

  /**
   * The best restart.
   *
   * @return its run, with its snapshots
   */
  public ToyRun best() {
    return results.best(0);
  }
}
