package dev.circuitscope.examples.incontext;

import dev.circuitscope.examples.training.TextRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What somebody who wants to repeat the run has to know, in rows of two cells. */
final class InContextRows {

  private InContextRows() {}

  static List<List<String>> of(InContextResult result) {
    List<List<String>> rows = new ArrayList<>();
    InContextRecipe recipe = result.recipe();
    rows.add(List.of("Text", TextRows.text(result.corpus(), result.tokenizer(), recipe.data())));
    rows.add(List.of("SHA-256 of the text", result.corpus().sha256()));
    rows.add(
        List.of(
            "Training windows",
            TextRows.windows(recipe.data())
                + "; the same windows in the same order for all models"));
    rows.add(
        List.of(
            "Optimizer", TextRows.optimizer(result.course(ModelKind.TWO).provenance().training())));
    rows.add(List.of("Measured on", samples(recipe)));
    rows.add(List.of("Read off", readings(recipe.readings())));
    result.courses().forEach(course -> rows.addAll(model(course, "Model, ")));
    result.plainText().forEach(course -> rows.addAll(model(course, "Model on plain text, ")));
    return rows;
  }

  private static List<List<String>> model(ModelCourse course, String what) {
    long[] steps = course.steps();
    return List.of(
        List.of(
            what + course.kind().label(),
            String.format(
                Locale.ROOT,
                "%s; %,d steps, %.1f million tokens, trained in %.0f s, measured at %d snapshots in"
                    + " %.0f s",
                TextRows.shape(course.kind().label(), course.model().config()),
                steps[steps.length - 1],
                course.millions(steps[steps.length - 1]),
                course.time().training(),
                steps.length,
                course.time().measuring())),
        List.of("SHA-256 of a sample of its batches", course.provenance().data().sha256()));
  }

  private static String samples(InContextRecipe recipe) {
    InContextRecipe.Samples samples = recipe.samples();
    return String.format(
        Locale.ROOT,
        "every %d steps, always the same tokens, none of them trained on: %d sequences of a start "
            + "token and a block of %d different tokens, drawn by how often the text has them, %d "
            + "times; %,d windows of text and %,d like those in training; one token each of %,d "
            + "further windows like those in training; heads are taken out on %,d further ones",
        recipe.training().snapshotEvery(),
        samples.repeats(),
        samples.block(),
        samples.times(),
        samples.windows(),
        samples.windows(),
        samples.probes(),
        samples.ablation());
  }

  private static String readings(InContextRecipe.Readings readings) {
    return String.format(
        Locale.ROOT,
        "in-context learning score: loss at position %d minus loss at position %d; derivative of"
            + " the loss: slope over ln(token index), tokens %s; change: where the best"
            + " prefix-matching score makes the middle 80%% of its rise, if that is %s or more;"
            + " bumps of %s nats or more; turns of trajectories at a radius of %s of their extent",
        readings.positions().late(),
        readings.positions().early(),
        readings.slope(),
        readings.leastRise(),
        readings.leastBump(),
        readings.pivotRadius());
  }
}
