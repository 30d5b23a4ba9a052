package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.training.TextRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What somebody who wants to repeat the run has to know, in rows of two cells. */
final class InductionRecipe {

  private InductionRecipe() {}

  static List<List<String>> of(InductionResult result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "Text", TextRows.text(result.corpus(), result.tokenizer(), result.recipe().data())));
    rows.add(List.of("SHA-256 of the text", result.corpus().sha256()));
    rows.add(
        List.of(
            "Training windows",
            TextRows.windows(result.recipe().data())
                + "; the same windows in the same order for both models"));
    rows.add(
        List.of(
            "Optimizer",
            TextRows.optimizer(result.twoLayers().training().provenance().training())));
    rows.add(List.of("Measured on", measures(result)));
    for (ModelRun run : result.runs()) {
      rows.add(List.of("Model, " + run.name(), model(run)));
      rows.add(
          List.of(
              "SHA-256 of a sample of its batches", run.training().provenance().data().sha256()));
    }
    return rows;
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
    return String.format(
        Locale.ROOT,
        "%s; %,d steps, %.1f million tokens, %.0f s with measurements",
        TextRows.shape(run.name(), run.model().config()),
        run.training().step(),
        run.last().tokensSeen() / 1e6,
        run.seconds());
  }
}
