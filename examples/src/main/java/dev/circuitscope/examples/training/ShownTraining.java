package dev.circuitscope.examples.training;

import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.train.ProgressDisplay;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.core.train.SnapshotSchedule;
import dev.circuitscope.core.train.Trainer;
import dev.circuitscope.core.train.TrainingConfig;
import dev.circuitscope.core.train.TrainingResult;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import java.util.Locale;

/**
 * A training under a progress bar.
 *
 * @param name of the model, for the bar
 * @param shape of the model
 * @param source the batch of every step
 * @param config how to train, for how many steps
 * @param minutes after which it stops, whatever the step; infinite for never
 */
public record ShownTraining(
    String name,
    TransformerConfig shape,
    BatchSource source,
    TrainingConfig config,
    double minutes) {

  private static final long LOG_EVERY = 10;

  /** Looks at a model in training. */
  @FunctionalInterface
  public interface Glance {
    /**
     * Looks.
     *
     * @param step updates so far
     * @param model as it is then
     * @return what to say beside the bar; empty for the loss of the last batch
     */
    String at(long step, Transformer model);
  }

  /**
   * A training for a number of steps.
   *
   * @param name of the model, for the bar
   * @param shape of the model
   * @param source the batch of every step
   * @param config how to train
   * @return the training
   */
  public static ShownTraining of(
      String name, TransformerConfig shape, BatchSource source, TrainingConfig config) {
    return new ShownTraining(name, shape, source, config, Double.POSITIVE_INFINITY);
  }

  /**
   * A recipe's configuration of a training.
   *
   * @param training its constants
   * @param steps updates
   * @param schedule of the learning rate
   * @param seed of the weights
   * @return the configuration, without a bar of its own
   */
  public static TrainingConfig config(
      Recipe.Training training, long steps, Schedule schedule, long seed) {
    return TrainingConfig.steps(steps)
        .optimizer(training.optimizer())
        .schedule(schedule)
        .seed(seed)
        .logEvery(Math.min(LOG_EVERY, training.snapshotEvery()))
        .progress(ProgressDisplay.OFF)
        .build();
  }

  /**
   * Trains.
   *
   * @param progress shows the bar: of steps, or of seconds if there is a limit of time
   * @param schedule of the glances
   * @param glance looks at the model then
   * @return the trained model
   */
  public TrainingResult train(Progress progress, SnapshotSchedule schedule, Glance glance) {
    long start = System.nanoTime();
    String[] detail = {""};
    boolean timed = Double.isFinite(minutes);
    long units = timed ? (long) Math.ceil(60 * minutes) : config.steps();
    try (Progress.Bar bar = progress.start(name, Math.max(1, units), timed ? "seconds" : "steps")) {
      return Trainer.of(shape, source, config)
          .onSnapshot(schedule, (step, model) -> detail[0] = glance.at(step, model))
          .stopWhen(
              (step, loss) -> {
                double seconds = (System.nanoTime() - start) * 1e-9;
                bar.update(
                    timed ? (long) seconds : step,
                    detail[0].isEmpty()
                        ? String.format(Locale.ROOT, "loss %.2f", loss)
                        : detail[0]);
                return seconds >= 60 * minutes;
              })
          .train();
    }
  }
}
