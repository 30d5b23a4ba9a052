package dev.circuitscope.examples.framework;

import dev.circuitscope.examples.reproduction.Recipe;
import dev.circuitscope.examples.training.TextRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What somebody who wants to repeat the run has to know, in rows of two cells. */
final class FrameworkRows {

  private FrameworkRows() {}

  static List<List<String>> of(FrameworkResult result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "Text", TextRows.text(result.corpus(), result.tokenizer(), result.recipe().data())));
    rows.add(List.of("SHA-256 of the text", result.corpus().sha256()));
    rows.add(List.of("Text and repeated blocks", TextRows.windows(result.recipe().data())));
    for (TrainedModel model : result.models()) {
      rows.add(
          List.of(
              "Model, " + model.name(),
              String.format(
                  Locale.ROOT,
                  "%s; trained on %s for %,d steps of %d windows in %.0f s; held-out loss %.3f",
                  TextRows.shape(model.name(), model.model().config()),
                  model.data(),
                  model.provenance().training().steps(),
                  training(result, model).batch(),
                  model.seconds(),
                  model.heldOutLoss())));
      rows.add(List.of("Optimizer of it", TextRows.optimizer(model.provenance().training())));
      rows.add(List.of("SHA-256 of a sample of its batches", model.provenance().data().sha256()));
    }
    rows.add(List.of("Measured on", measures(result.recipe().measures())));
    return rows;
  }

  private static Recipe.Training training(FrameworkResult result, TrainedModel model) {
    return switch (result.models().indexOf(model)) {
      case 0 -> result.recipe().zeroLayers();
      case 1 -> result.recipe().oneLayer();
      default -> result.recipe().twoLayers();
    };
  }

  private static String measures(FrameworkRecipe.Measures measures) {
    return String.format(
        Locale.ROOT,
        "%,d windows of held-out text for losses, %d for expansions of paths; %d sequences of a start "
            + "token and a block of %d different tokens, drawn by how often the text has them, %d times; "
            + "%,d random matrices for what is there by chance, above which are at most %.0f%% of them",
        measures.heldOut(),
        measures.sequences(),
        measures.repeats(),
        measures.block(),
        measures.times(),
        measures.chance(),
        100 * measures.level());
  }
}
