package dev.circuitscope.examples.superposition;

import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.Arrays;

/** Trains toy models under a progress bar that counts the steps of all of them. */
public final class ShownToyTraining {

  private static final int RECORD_EVERY = 200;

  private ShownToyTraining() {}

  /**
   * Trains every instance.
   *
   * @param config what to train
   * @param task a few words for the bar
   * @param progress hears how far it is
   * @return the trained models
   */
  public static ToyResults train(ToyConfig config, String task, Progress progress) {
    return train(ToyTrainer.of(config).recordEvery(RECORD_EVERY), config, task, progress);
  }

  /**
   * Trains every instance as a trainer is set up to, but for its listener.
   *
   * @param trainer with its snapshots
   * @param config of the trainer
   * @param task a few words for the bar
   * @param progress hears how far it is
   * @return the trained models
   */
  public static ToyResults train(
      ToyTrainer trainer, ToyConfig config, String task, Progress progress) {
    long[] done = new long[config.instances()];
    long units = Math.max(1, (long) config.steps() * config.instances());
    try (Progress.Bar bar = progress.start(task, units, "steps")) {
      return trainer
          .listener(
              (instance, step, loss) -> {
                done[instance] = step;
                bar.update(Arrays.stream(done).sum(), "");
              })
          .train();
    }
  }
}
