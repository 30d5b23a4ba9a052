package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.LossBump;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is shown of losses and of the in-context learning score. */
final class ChangeSection {

  private static final String SHADED = "2 layers: prefix matching rises";

  private ChangeSection() {}

  static Section of(InContextResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            String.format(
                Locale.ROOT,
                "The in-context learning score is the loss late in a window, at position %d, minus"
                    + " the loss early in it, at position %d: the more negative, the more a model"
                    + " makes of what it has read. Five attention-only transformers see the same"
                    + " windows in the same order; %.0f%% of them are a block of scattered tokens"
                    + " repeated, which brings induction heads about sooner than text alone does.",
                result.recipe().readings().positions().late(),
                result.recipe().readings().positions().early(),
                100 * result.recipe().data().repeatedShare())));
    blocks.add(losses(result));
    blocks.add(scores(result));
    blocks.add(table(result));
    return new Section("In-context learning and the loss", blocks);
  }

  private static ReportFigure losses(InContextResult result) {
    List<Figure> panels = new ArrayList<>();
    for (Windows windows : List.of(Windows.MIXED, Windows.TEXT)) {
      LinePlot plot =
          CourseCurves.ofLogTokens(windows.title(), result.courses(), c -> c.loss(windows))
              .y("loss", "nats/token");
      shade(result, plot);
      List<double[]> bumps = new ArrayList<>();
      for (ModelCourse course : result.courses()) {
        course
            .bump(windows, result.recipe().readings())
            .ifPresent(
                b ->
                    bumps.add(
                        new double[] {
                          course.millions(b.peak()), course.at(course.loss(windows), b.peak())
                        }));
      }
      if (!bumps.isEmpty()) {
        plot.add(CourseCurves.marks("top of a model's highest bump", bumps));
      }
      panels.add(plot.figure().sized(CourseCurves.HALF_WIDTH, CourseCurves.HALF_HEIGHT));
    }
    return new ReportFigure(
        "incontext-loss",
        Figure.grid(2, panels.toArray(Figure[]::new)),
        "A training that only gets slower has a convex loss curve. A bump is a stretch over which"
            + " the curve lies above the straight line, in steps, between its ends: it falls too"
            + " slowly, or even rises, and then drops. Its top is where it is highest above that"
            + " line.",
        "Loss curves of five models. Highest bumps on windows like those in training: "
            + result.courses().stream()
                .map(c -> c.kind().label() + " " + bump(result, c, Windows.MIXED))
                .collect(Collectors.joining("; "))
            + ".");
  }

  private static ReportFigure scores(InContextResult result) {
    List<Figure> panels = new ArrayList<>();
    for (Windows windows : List.of(Windows.MIXED, Windows.TEXT)) {
      LinePlot plot =
          CourseCurves.of(windows.title(), result.courses(), c -> c.score(windows))
              .y("in-context learning score", "nats");
      shade(result, plot);
      panels.add(plot.figure().sized(CourseCurves.HALF_WIDTH, CourseCurves.HALF_HEIGHT));
    }
    return new ReportFigure(
        "incontext-score",
        Figure.grid(2, panels.toArray(Figure[]::new)),
        "Left, on windows of which some repeat a block of tokens, as in training; right, on text"
            + " alone, where there is less to copy. The score compares two positions only, and so"
            + " moves from snapshot to snapshot.",
        "In-context learning scores of five models. At the end, on windows like those in training: "
            + result.courses().stream()
                .map(
                    c ->
                        c.kind().label()
                            + " "
                            + Numbers.two(ModelCourse.last(c.score(Windows.MIXED))))
                .collect(Collectors.joining(", "))
            + " nats.");
  }

  private static void shade(InContextResult result, LinePlot plot) {
    CourseCurves.shade(plot, SHADED, result.course(ModelKind.TWO), result.change(ModelKind.TWO));
  }

  private static Table table(InContextResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (ModelCourse course : result.courses()) {
      Optional<PhaseChange> rise = result.change(course.kind());
      Head best = course.ranking().get(0);
      rows.add(
          List.of(
              course.kind().label(),
              Numbers.two(ModelCourse.last(course.loss(Windows.MIXED)))
                  + " / "
                  + Numbers.two(ModelCourse.last(course.loss(Windows.TEXT))),
              Numbers.two(ModelCourse.last(course.score(Windows.MIXED)))
                  + " / "
                  + Numbers.two(ModelCourse.last(course.score(Windows.TEXT))),
              best + " " + Numbers.two(ModelCourse.last(course.prefixMatching(best))),
              rise.map(c -> "%,d to %,d (%,d)".formatted(c.start(), c.end(), c.half()))
                  .orElse("does not rise"),
              course
                  .inContextChange()
                  .map(c -> Numbers.count(c.steepest()))
                  .orElse("does not fall"),
              bump(result, course, Windows.MIXED)));
    }
    return new Table(
        "The models at the end, on windows like those in training / on text. Then, in steps: where the "
            + "best prefix-matching score makes the middle 80% of its rise, and is half risen; where the "
            + "in-context learning score falls fastest, and the top of the loss's highest bump, both on "
            + "windows like those in training",
        List.of("Model", "Loss", "In-context score", "Best head", "Rises (half)", "Falls", "Bump"),
        rows);
  }

  private static String bump(InContextResult result, ModelCourse course, Windows windows) {
    Optional<LossBump> bump = course.bump(windows, result.recipe().readings());
    return bump.map(b -> "%s nats at %,d".formatted(Numbers.two(b.height()), b.peak()))
        .orElse("none");
  }
}
