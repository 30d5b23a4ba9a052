package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.pertoken.PcaTrajectory;
import dev.circuitscope.circuits.learning.pertoken.TrajectoryPivot;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is shown of the principal components of per-token losses. */
final class PerTokenSection {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 560;

  private PerTokenSection() {}

  static Section of(InContextResult result) {
    return new Section(
        "Per-token losses",
        List.of(
            new Prose(
                ("One token each of %s held-out windows like those in training gives a vector of"
                        + " losses for every snapshot of every model. Their two directions of most"
                        + " variance, taken over all models jointly, show how each training moves"
                        + " through what can be predicted. In the paper all models first go the same"
                        + " way, and those that form induction heads turn off at the change.")
                    .formatted(Numbers.count(result.recipe().samples().probes()))),
            components(result),
            pivots(result)));
  }

  private static ReportFigure components(InContextResult result) {
    double[] explained = result.pca().explained();
    LinePlot plot =
        new LinePlot("Per-token losses of all snapshots in their principal components")
            .x(axis(0, explained))
            .y(axis(1, explained));
    List<double[]> turns = new ArrayList<>();
    List<double[]> changes = new ArrayList<>();
    for (ModelKind kind : ModelKind.values()) {
      PcaTrajectory path = result.pca().trajectories().get(kind.ordinal());
      plot.add(
          CourseCurves.styled(
              kind, Series.of(kind.label(), path.coordinate(0), path.coordinate(1))));
      result.pivot(kind).ifPresent(pivot -> turns.add(path.points()[pivot.index()]));
      result.change(kind).ifPresent(change -> changes.addAll(within(path, change)));
    }
    // the marks that are added first lie on top
    if (!turns.isEmpty()) {
      plot.add(CourseCurves.marks("sharpest turn", turns));
    }
    if (!changes.isEmpty()) {
      plot.add(CourseCurves.marks("snapshots while prefix matching rises", changes).withColor(3));
    }
    return new ReportFigure(
        "incontext-pca",
        Figure.grid(1, plot.figure().sized(WIDTH, HEIGHT)),
        "Each line is a training, from the first weights, where all models lie together, to its"
            + " end.",
        "Trajectories of five models in two components that explain %s and %s of the variance. Sharpest turns: %s."
            .formatted(
                Numbers.percent(explained[0]),
                Numbers.percent(explained[1]),
                String.join(
                    "; ",
                    result.courses().stream()
                        .map(c -> c.kind().label() + " " + turn(result.pivot(c.kind())))
                        .toList())));
  }

  private static List<double[]> within(PcaTrajectory path, PhaseChange change) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < path.moments().size(); i++) {
      long step = path.moments().get(i).step();
      if (step >= change.start() && step <= change.end()) {
        points.add(path.points()[i]);
      }
    }
    return points;
  }

  private static String axis(int component, double[] explained) {
    return "component %d (%s of the variance)"
        .formatted(component + 1, Numbers.percent(explained[component]));
  }

  private static Table pivots(InContextResult result) {
    return new Table(
        "Where trajectories turn most sharply, and where prefix matching rises",
        List.of("Model", "Sharpest turn", "Best prefix matching rises"),
        result.courses().stream()
            .map(
                c ->
                    List.of(
                        c.kind().label(),
                        turn(result.pivot(c.kind())),
                        result
                            .change(c.kind())
                            .map(r -> "steps %,d to %,d".formatted(r.start(), r.end()))
                            .orElse("does not rise")))
            .toList());
  }

  private static String turn(Optional<TrajectoryPivot> pivot) {
    return pivot.map(p -> "%.0f° at step %,d".formatted(p.degrees(), p.at().step())).orElse("none");
  }
}
