package dev.circuitscope.examples.incontext;

import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is shown of the heads as they form, with and without smeared keys. */
final class HeadsSection {

  private HeadsSection() {}

  static Section of(InContextResult result) {
    InContextRecipe.Samples samples = result.recipe().samples();
    return new Section(
        "Induction heads, with and without smeared keys",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "The prefix-matching score of a head is the attention that it pays to tokens"
                        + " which came after earlier copies of the current one, on %d different"
                        + " random tokens that stand there %d times after a start token. A head"
                        + " that ends at %s or above is called an induction head here.",
                    samples.block(),
                    samples.times(),
                    result.recipe().readings().inductionHead())),
            trajectories(result),
            new Prose(
                "An induction head needs keys that know which token came before. A model of one"
                    + " layer has no earlier head to tell them. With smeared keys it needs none:"
                    + " each key is mixed with the key before, k_j = s k_j + (1 - s) k_(j-1), with"
                    + " a share s that each head learns."),
            smeared(result)));
  }

  private static ReportFigure trajectories(InContextResult result) {
    return new ReportFigure(
        "incontext-heads",
        Figure.grid(
                3,
                result.courses().stream()
                    .map(course -> CourseCurves.heads(course, result.change(course.kind())))
                    .toArray(Figure[]::new))
            .titled("Prefix-matching scores of all heads"),
        "A line for each head, in the colour of its layer. Shaded: where the model's best score"
            + " makes the middle 80% of its rise.",
        "Prefix-matching scores over training, a panel for each model. Induction heads at the end: "
            + result.courses().stream()
                .map(c -> c.kind().label() + " " + heads(result, c))
                .collect(Collectors.joining("; "))
            + ".");
  }

  private static String heads(InContextResult result, ModelCourse course) {
    List<String> heads =
        course.inductionHeads(result.recipe().readings().inductionHead()).stream()
            .map(h -> h + " " + Numbers.two(ModelCourse.last(course.prefixMatching(h))))
            .toList();
    return heads.isEmpty() ? "none" : String.join(", ", heads);
  }

  private static ReportFigure smeared(InContextResult result) {
    return new ReportFigure(
        "incontext-smeared",
        Figure.grid(
            2,
            pair(result, "One layer", ModelKind.ONE, ModelKind.ONE_SMEARED),
            pair(result, "Two layers", ModelKind.TWO, ModelKind.TWO_SMEARED)),
        "The best prefix-matching score of all heads, with smeared keys dashed. Marked: where it is "
            + "half risen.",
        "Best prefix matching of smeared and plain models. Half risen at: "
            + result.courses().stream()
                .map(
                    c ->
                        c.kind().label()
                            + " "
                            + result
                                .change(c.kind())
                                .map(r -> "step " + Numbers.count(r.half()))
                                .orElse("never"))
                .collect(Collectors.joining(", "))
            + ".");
  }

  private static Figure pair(
      InContextResult result, String title, ModelKind plain, ModelKind smeared) {
    LinePlot plot =
        CourseCurves.of(
                title,
                List.of(result.course(plain), result.course(smeared)),
                ModelCourse::bestPrefixMatching)
            .y("best prefix matching")
            .yRange(0, 1);
    List<double[]> halves =
        Stream.of(plain, smeared).flatMap(kind -> half(result, kind).stream()).toList();
    if (!halves.isEmpty()) {
      plot.add(CourseCurves.marks("half risen", halves));
    }
    return plot.figure().sized(CourseCurves.HALF_WIDTH, CourseCurves.THIRD_HEIGHT);
  }

  private static Optional<double[]> half(InContextResult result, ModelKind kind) {
    ModelCourse course = result.course(kind);
    return result
        .change(kind)
        .map(
            rise ->
                new double[] {
                  course.millions(rise.half()), course.at(course.bestPrefixMatching(), rise.half())
                });
  }
}
