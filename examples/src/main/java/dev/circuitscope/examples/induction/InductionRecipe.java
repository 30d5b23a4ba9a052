package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.core.train.AdamWConfig;
import dev.circuitscope.core.train.TrainingConfig;
import dev.circuitscope.examples.reproduction.Recipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What somebody who wants to repeat the run has to know, in rows of two cells. */
final class InductionRecipe {

  private InductionRecipe() {}

  static List<List<String>> of(InductionResult result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("Text", text(result)));
    rows.add(List.of("SHA-256 of the text", result.corpus().sha256()));
    rows.add(List.of("Training windows", windows(result.recipe().data())));
    rows.add(
        List.of("Optimizer", optimizer(result.twoLayers().training().provenance().training())));
    rows.add(List.of("Measured on", measures(result)));
    for (ModelRun run : result.runs()) {
      rows.add(List.of("Model, " + run.name(), model(run)));
      rows.add(
          List.of(
              "SHA-256 of a sample of its batches", run.training().provenance().data().sha256()));
    }
    return rows;
  }

  private static String text(InductionResult result) {
    return String.format(
        Locale.ROOT,
        "%s (org.apache.commons:commons-math3:3.6.1:sources): %,d files, %,d characters; %.0f%% of the "
            + "files held out; %s",
        result.corpus().name(),
        result.corpus().documents(),
        result.corpus().characters(),
        100 * result.recipe().data().validationShare(),
        result.tokenizer());
  }

  private static String windows(Recipe.Data data) {
    return String.format(
        Locale.ROOT,
        "%.0f%% are a block of %d to %d tokens from random places of the text, repeated until the "
            + "window is full, the others plain text; the same windows in the same order for both models",
        100 * data.repeatedShare(),
        data.periods().min(),
        data.periods().max());
  }

  private static String optimizer(TrainingConfig training) {
    AdamWConfig adam = training.optimizer();
    return String.format(
        Locale.ROOT,
        "AdamW, learning rate %s, betas %s and %s, weight decay %s; %d steps of warm-up, then %s",
        adam.learningRate(),
        adam.beta1(),
        adam.beta2(),
        adam.weightDecay(),
        training.schedule().warmup(),
        training.schedule().finalFraction() == 1
            ? "constant"
            : "half a cosine to " + training.schedule().finalFraction() + " of the peak");
  }

  private static String measures(InductionResult result) {
    Recipe.Measures measures = result.recipe().measures();
    LossPositions positions = measures.positions();
    return String.format(
        Locale.ROOT,
        "%d sequences of a block of different tokens, drawn by how often the text has them, repeated "
            + "once; in-context learning score and held-out loss on "
            + "%,d windows of held-out text, loss at position %d minus loss at position %d; every %d steps, always the same tokens",
        measures.repeats(),
        measures.heldOut(),
        positions.late(),
        positions.early(),
        result.recipe().training().snapshotEvery());
  }

  private static String model(ModelRun run) {
    var config = run.model().config();
    return String.format(
        Locale.ROOT,
        "attention only, %s, %d heads a layer, d_model %d, context %d, vocabulary %,d, %,d parameters; "
            + "%,d steps, %.1f million tokens, %.0f s with measurements",
        run.name(),
        config.nHeads(),
        config.dModel(),
        config.nCtx(),
        config.dVocab(),
        config.parameters(),
        run.training().step(),
        run.last().tokensSeen() / 1e6,
        run.seconds());
  }
}
