package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.OrderInversion;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is shown of the derivative of the loss with respect to log token index. */
final class TokenIndexSection {

  private TokenIndexSection() {}

  static Section of(InContextResult result) {
    return new Section(
        "Loss by token index",
        List.of(
            new Prose(
                ("The derivative of the loss with respect to the logarithm of the token index says"
                        + " how many nats a model gains, as a negative number, when its context grows"
                        + " by a factor of e; here it is the slope over tokens %s. In the paper it"
                        + " depends on the size of the model in one order before the change and in the"
                        + " opposite order after it.")
                    .formatted(result.recipe().readings().slope())),
            derivatives(result)));
  }

  private static ReportFigure derivatives(InContextResult result) {
    List<Figure> panels = new ArrayList<>();
    for (Windows windows : List.of(Windows.MIXED, Windows.TEXT)) {
      LinePlot plot =
          CourseCurves.of(windows.title(), result.courses(), c -> c.slope(windows))
              .y("d loss / d ln(token index)", "nats");
      result
          .inversion(ModelKind.TWO, ModelKind.THREE, windows)
          .ifPresent(
              i ->
                  plot.vertical(
                      "2 and 3 layers change order",
                      result.course(ModelKind.TWO).millions(i.step())));
      panels.add(plot.figure().sized(CourseCurves.HALF_WIDTH, CourseCurves.HALF_HEIGHT));
    }
    return new ReportFigure(
        "incontext-derivative",
        Figure.grid(2, panels.toArray(Figure[]::new)),
        "Before the upright line the plain model of two layers lies on one side of that of three layers "
            + "on the whole, after it on the other.",
        "Derivatives over training of five models. On windows like those in training, the models of 2 "
            + "and 3 layers "
            + describe(result.inversion(ModelKind.TWO, ModelKind.THREE, Windows.MIXED))
            + "; those of 1 and 2 layers "
            + describe(result.inversion(ModelKind.ONE, ModelKind.TWO, Windows.MIXED))
            + ".");
  }

  /** For example {@code change their order at step 1,150}. */
  static String describe(Optional<OrderInversion> inversion) {
    return inversion
        .map(
            i ->
                "change their order at step %s (mean difference %s before, %s after)"
                    .formatted(
                        Numbers.count(Math.round(i.step())),
                        Numbers.three(i.before()),
                        Numbers.three(i.after())))
        .orElse("do not change their order");
  }
}
