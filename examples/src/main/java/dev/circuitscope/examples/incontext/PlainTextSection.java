package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is shown of models trained on plain text alone. */
final class PlainTextSection {

  private PlainTextSection() {}

  static Section of(InContextResult result) {
    return new Section(
        "Trained on plain text alone",
        List.of(
            new Prose(
                "The same five models were also trained on text without repeated blocks, at a"
                    + " constant learning rate, for as long as was asked for: a number of tokens"
                    + " for each, or a time that is divided among them, so that smaller models see"
                    + " more tokens."),
            curves(result),
            table(result)));
  }

  private static ReportFigure curves(InContextResult result) {
    List<ModelCourse> courses = result.plainText();
    return new ReportFigure(
        "incontext-plain-text",
        Figure.grid(
            2,
            panel(courses, "Best prefix matching", "score", ModelCourse::bestPrefixMatching, true),
            panel(courses, "Loss on held-out text", "nats/token", c -> c.loss(Windows.TEXT), false),
            panel(
                courses,
                "In-context learning on held-out text",
                "nats",
                c -> c.score(Windows.TEXT),
                false),
            panel(
                courses,
                "In-context learning on windows with repeats",
                "nats",
                c -> c.score(Windows.MIXED),
                false)),
        "Training on plain text alone; none of these models has seen a repeated block.",
        "Curves of five models. "
            + courses.stream()
                .map(course -> outcome(result, course))
                .collect(Collectors.joining(" ")));
  }

  private static Figure panel(
      List<ModelCourse> courses,
      String title,
      String y,
      Function<ModelCourse, double[]> curve,
      boolean score) {
    LinePlot plot = CourseCurves.ofLogTokens(title, courses, curve).y(y);
    if (score) {
      plot.yRange(0, 1);
    }
    return plot.figure().sized(CourseCurves.HALF_WIDTH, CourseCurves.HALF_HEIGHT);
  }

  private static Table table(InContextResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (ModelCourse course : result.plainText()) {
      Optional<PhaseChange> rise = course.change(result.recipe().readings());
      rows.add(
          List.of(
              course.kind().label(),
              millions(course),
              Numbers.two(ModelCourse.last(course.loss(Windows.TEXT))),
              Numbers.two(ModelCourse.last(course.score(Windows.TEXT))),
              Numbers.two(ModelCourse.last(course.bestPrefixMatching())),
              rise.map(c -> "%,d".formatted(c.half())).orElse("does not rise")));
    }
    return new Table(
        "Models trained on plain text alone, at the end",
        List.of(
            "Model",
            "Million tokens",
            "Loss on text",
            "In-context score on text",
            "Best prefix matching",
            "Half risen at step"),
        rows);
  }

  /** Whether heads formed, and when. */
  static String outcome(InContextResult result, ModelCourse course) {
    List<String> heads =
        course.inductionHeads(result.recipe().readings().inductionHead()).stream()
            .map(h -> h + " " + Numbers.two(ModelCourse.last(course.prefixMatching(h))))
            .toList();
    Optional<PhaseChange> rise = course.change(result.recipe().readings());
    return "Trained on plain text alone for %s million tokens, %s %s."
        .formatted(
            millions(course),
            course.kind().phrase(),
            heads.isEmpty()
                ? "forms no induction head (best prefix matching %s)"
                    .formatted(Numbers.two(ModelCourse.last(course.bestPrefixMatching())))
                : "forms induction heads: "
                    + String.join(", ", heads)
                    + rise.map(
                            c ->
                                String.format(
                                    Locale.ROOT,
                                    ", half risen after %.1f million tokens",
                                    course.millions(c.half())))
                        .orElse(""));
  }

  private static String millions(ModelCourse course) {
    long[] steps = course.steps();
    return String.format(Locale.ROOT, "%.1f", course.millions(steps[steps.length - 1]));
  }
}
