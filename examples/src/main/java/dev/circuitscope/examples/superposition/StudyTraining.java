package dev.circuitscope.examples.superposition;

import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.Arrays;

/** Trainings whose progress is shown. */
public final class StudyTraining {

  private static final int RECORD_EVERY = 200;

  private StudyTraining() {}

  /**
   * Trains every instance.
   *
   * @param config what to train
   * @param task what it is, in a few words
   * @param progress hears how far it is
   * @return the runs
   */
  public static ToyResults train(ToyConfig config, String task, Progress progress) {
    long[] done = new long[config.instances()];
    long units = Math.max(1, (long) config.steps() * config.instances());
    try (Progress.Bar bar = progress.start(task, units, "steps")) {
      return ToyTrainer.of(config)
          .recordEvery(RECORD_EVERY)
          .listener(
              (instance, step, loss) -> {
                done[instance] = step;
                bar.update(Arrays.stream(done).sum(), "");
              })
          .train();
    }
  }
}
