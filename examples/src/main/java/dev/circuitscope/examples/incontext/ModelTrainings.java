package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.snapshots.MemorySnapshots;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.train.Schedule;
import dev.circuitscope.core.train.SnapshotSchedule;
import dev.circuitscope.core.train.TrainingConfig;
import dev.circuitscope.core.train.TrainingResult;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.training.PlainTextPlan;
import dev.circuitscope.examples.training.ShownTraining;
import dev.circuitscope.examples.training.TextData;

/** Trains models of every kind on the same batches in the same order, and keeps snapshots. */
final class ModelTrainings {

  /** Snapshots between a step and ten times it, where the end is not known. */
  private static final int PER_DECADE = 20;

  private final InContextRecipe recipe;
  private final TextData data;
  private final long seed;
  private final Progress progress;

  ModelTrainings(InContextRecipe recipe, TextData data, long seed, Progress progress) {
    this.recipe = recipe;
    this.data = data;
    this.seed = seed;
    this.progress = progress;
  }

  /** On the recipe's mixture, for its steps. */
  KeptTraining mixed(ModelKind kind) {
    Recipe.Training training = recipe.training();
    BatchSource source =
        data.mixed(recipe.data(), training.batch(), recipe.shape().context(), seed);
    return train(
        kind,
        kind.label(),
        source,
        ShownTraining.config(training, training.steps(), training.schedule(), seed),
        SnapshotSchedule.every(training.snapshotEvery()),
        Double.POSITIVE_INFINITY);
  }

  /**
   * On text alone, for as long as the plan says. The learning rate stays constant, so that a longer
   * run begins with exactly a shorter one.
   */
  KeptTraining plain(ModelKind kind, PlainTextPlan plan) {
    Recipe.Training training = recipe.training();
    BatchSource source = data.plain(training.batch(), recipe.shape().context(), seed);
    long perStep = (long) source.batchSize() * source.sequenceLength();
    Schedule constant = Schedule.constant().withWarmup(training.schedule().warmup());
    return train(
        kind,
        kind.label() + ", plain text",
        source,
        ShownTraining.config(training, Math.max(1, plan.tokens() / perStep), constant, seed),
        SnapshotSchedule.logSpaced(PER_DECADE),
        plan.minutes());
  }

  private KeptTraining train(
      ModelKind kind,
      String name,
      BatchSource source,
      TrainingConfig config,
      SnapshotSchedule schedule,
      double minutes) {
    TransformerConfig shape = kind.config(recipe.shape(), source.vocabSize());
    MemorySnapshots snapshots = MemorySnapshots.of(source);
    long start = System.nanoTime();
    TrainingResult result =
        new ShownTraining(name, shape, source, config, minutes)
            .train(
                progress,
                schedule,
                (step, model) -> {
                  snapshots.observe(step, model);
                  return "";
                });
    // a training that was stopped by the clock ends between two snapshots
    snapshots.observe(result.step(), result.model());
    return new KeptTraining(
        kind, result.model(), result.provenance(), snapshots, (System.nanoTime() - start) * 1e-9);
  }
}
