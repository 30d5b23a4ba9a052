package dev.circuitscope.examples.framework;

import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.text.BatchSource;
import dev.circuitscope.core.train.SnapshotSchedule;
import dev.circuitscope.core.train.TrainingResult;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.training.ShownTraining;
import dev.circuitscope.examples.training.TextData;
import java.util.Locale;

/** Trains the models of the experiment. */
final class ModelTraining {

  static final String TEXT = "plain text";
  static final String MIXTURE = "text and repeated blocks";

  private final FrameworkRecipe recipe;
  private final TextData data;
  private final long seed;
  private final Progress progress;
  private final int[][] heldOut;

  ModelTraining(FrameworkRecipe recipe, TextData data, long seed, Progress progress) {
    this.recipe = recipe;
    this.data = data;
    this.seed = seed;
    this.progress = progress;
    this.heldOut =
        data.heldOut(
            recipe.measures().heldOut(), recipe.shape().context(), recipe.measures().seed());
  }

  TrainedModel zeroLayers() {
    return train("0 layers", 0, recipe.zeroLayers(), text(recipe.zeroLayers()), TEXT);
  }

  TrainedModel oneLayer() {
    return train("1 layer", 1, recipe.oneLayer(), text(recipe.oneLayer()), TEXT);
  }

  TrainedModel twoLayers() {
    Recipe.Training training = recipe.twoLayers();
    BatchSource mixture =
        data.mixed(recipe.data(), training.batch(), recipe.shape().context(), seed);
    return train("2 layers", 2, training, mixture, MIXTURE);
  }

  private BatchSource text(Recipe.Training training) {
    return data.plain(training.batch(), recipe.shape().context(), seed);
  }

  private TrainedModel train(
      String name, int layers, Recipe.Training training, BatchSource source, String on) {
    TransformerConfig shape = recipe.shape().layers(layers, source.vocabSize());
    long start = System.nanoTime();
    TrainingResult result =
        ShownTraining.of(
                name,
                shape,
                source,
                ShownTraining.config(training, training.steps(), training.schedule(), seed))
            .train(
                progress,
                SnapshotSchedule.every(training.snapshotEvery()),
                (step, model) ->
                    String.format(Locale.ROOT, "held-out loss %.2f", model.loss(heldOut)));
    return new TrainedModel(
        name,
        result.model(),
        on,
        result.provenance(),
        result.history(),
        result.model().loss(heldOut),
        (System.nanoTime() - start) * 1e-9);
  }
}
