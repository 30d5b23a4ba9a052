package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.learning.ScoreTracker;
import dev.circuitscope.circuits.learning.Snapshot;
import dev.circuitscope.circuits.learning.SnapshotMeasures;
import dev.circuitscope.circuits.sampling.RepeatSampling;
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
import java.util.Locale;

/** Trains a model and measures it at every snapshot. */
final class MeasuredTraining {

  private final Recipe recipe;
  private final TextData data;
  private final long seed;
  private final Progress progress;

  MeasuredTraining(Recipe recipe, TextData data, long seed, Progress progress) {
    this.recipe = recipe;
    this.data = data;
    this.seed = seed;
    this.progress = progress;
  }

  /** On the recipe's mixture, for its steps. */
  ModelRun mixed(int layers) {
    Recipe.Training training = recipe.training();
    return train(
        name(layers),
        layers,
        data.mixed(recipe.data(), training.batch(), recipe.shape().context(), seed),
        config(training.steps(), training.schedule()),
        Double.POSITIVE_INFINITY);
  }

  /**
   * On text alone, for as long as the plan says. The learning rate stays constant, so that a longer
   * run begins with exactly a shorter one.
   */
  ModelRun plain(int layers, PlainTextPlan plan) {
    BatchSource source = data.plain(recipe.training().batch(), recipe.shape().context(), seed);
    long perStep = (long) source.batchSize() * source.sequenceLength();
    Schedule constant = Schedule.constant().withWarmup(recipe.training().schedule().warmup());
    return train(
        name(layers) + ", plain text",
        layers,
        source,
        config(Math.max(1, plan.tokens() / perStep), constant),
        plan.minutes());
  }

  private TrainingConfig config(long steps, Schedule schedule) {
    return ShownTraining.config(recipe.training(), steps, schedule, seed);
  }

  private ModelRun train(
      String name, int layers, BatchSource source, TrainingConfig config, double minutes) {
    TransformerConfig shape = recipe.shape().layers(layers, source.vocabSize());
    long perStep = (long) source.batchSize() * source.sequenceLength();
    ScoreTracker tracker = new ScoreTracker(measures(shape));
    long start = System.nanoTime();
    TrainingResult result =
        new ShownTraining(name, shape, source, config, minutes)
            .train(
                progress,
                SnapshotSchedule.every(recipe.training().snapshotEvery()),
                (step, model) -> detail(tracker.record(step, step * perStep, model)));
    if (tracker.timeline().steps()[tracker.timeline().steps().length - 1] < result.step()) {
      tracker.record(result.step(), result.step() * perStep, result.model());
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    return new ModelRun(name, result, tracker.timeline(), seconds);
  }

  private SnapshotMeasures measures(TransformerConfig shape) {
    Recipe.Measures measures = recipe.measures();
    return new SnapshotMeasures(
        new RepeatSampling(
            data.repeats((shape.nCtx() - 1) / 2, 2), measures.repeats(), measures.seed()),
        data.heldOut(measures.heldOut(), recipe.shape().context(), measures.seed()),
        measures.positions());
  }

  private static String detail(Snapshot snapshot) {
    return String.format(
        Locale.ROOT,
        "held-out loss %.2f, best induction score %.2f",
        snapshot.inContext().loss().mean(),
        snapshot.heads().induction().score(snapshot.heads().induction().best()));
  }

  private static String name(int layers) {
    return layers == 1 ? "1 layer" : layers + " layers";
  }
}
