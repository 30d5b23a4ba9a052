package dev.circuitscope.examples.superposition.basic;

import dev.circuitscope.core.plot.FeatureNorms;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.GramPlot;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The figures of features that fall in importance. */
final class LadderSection {

  /** Panels beside each other, the linear model among them, that a page can hold. */
  private static final int MOST_PANELS = 8;

  private LadderSection() {}

  static Section of(BasicResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            "Features that fall in importance are squeezed through fewer dimensions, by a linear "
                + "model and by one with a ReLU at its output, at sparsities from dense on the left "
                + "to sparse on the right. A linear model should do what PCA does: keep as many "
                + "features as it has dimensions, the most important ones. What the ReLU adds can be "
                + "seen beside it."));
    for (LadderResult ladder : result.ladders()) {
      if (panels(ladder).size() <= MOST_PANELS) {
        blocks.add(columns(ladder));
      }
    }
    blocks.add(dimensions(result));
    result.ladders().forEach(ladder -> blocks.add(table(ladder)));
    return new Section("Basic results: what is kept", blocks);
  }

  /** The linear model at the middle probability, then the others over sparsity. */
  private static List<ToyRun> panels(LadderResult result) {
    List<ToyRun> linear = result.linear().best();
    List<ToyRun> runs = new ArrayList<>();
    runs.add(linear.get(linear.size() / 2));
    runs.addAll(result.relu().best());
    return runs;
  }

  private static ReportFigure columns(LadderResult result) {
    List<ToyRun> runs = panels(result);
    GramPlot gram = new GramPlot("WᵀW and b").columns(runs.size());
    FeatureNorms norms =
        new FeatureNorms("How strongly each feature is stored").horizontal().columns(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      ToyRun run = runs.get(i);
      String title = i == 0 ? "linear" : ToyNumbers.title(run);
      gram.panel(
          title, ToyNumbers.matrix(run.model().weights()), ToyNumbers.doubles(run.model().bias()));
      norms.panel(title, run.geometry().norms(), run.geometry().polysemanticity());
    }
    return new ReportFigure(
        "basic-%d-%d".formatted(result.ladder().features(), result.ladder().hidden()),
        Figure.grid(1, gram.figure(), norms.figure()),
        ("%s, importance falling from the first feature on. Above, what the model makes of each "
                + "feature: the diagonal is what it keeps, everything beside it is interference. "
                + "Below, the length of each feature's column of W; the lighter a bar, the more its "
                + "direction is shared.")
            .formatted(result.ladder().label()),
        "WᵀW and feature norms of the linear model and at %d sparsities. %s"
            .formatted(runs.size() - 1, kept(result.relu().best())));
  }

  private static String kept(List<ToyRun> runs) {
    return runs.stream()
        .map(run -> ToyNumbers.title(run) + ": " + run.geometry().featuresKept() + " kept")
        .collect(Collectors.joining(", ", "", "."));
  }

  private static ReportFigure dimensions(BasicResult result) {
    LinePlot plot =
        new LinePlot("Dimensions per feature")
            .x("1/(1 − S) = 1/p")
            .logX()
            .y("D* = m / ‖W‖²")
            .horizontal("1: a dimension each", 1)
            .horizontal("1/2: antipodal pairs", 0.5);
    List<String> ends = new ArrayList<>();
    for (LadderResult ladder : result.ladders()) {
      List<ToyRun> best = ladder.relu().best();
      double[] x = best.stream().mapToDouble(run -> 1 / run.featureProbability()).toArray();
      double[] y = best.stream().mapToDouble(r -> r.geometry().dimensionsPerFeature()).toArray();
      plot.add(Series.of(ladder.ladder().label(), x, y).withMarkers());
      ends.add(
          "%s: from %s to %s"
              .formatted(ladder.ladder().label(), Numbers.two(y[0]), Numbers.two(y[y.length - 1])));
    }
    return new ReportFigure(
        "basic-dimensions",
        plot.figure(),
        "How many dimensions a stored feature has to itself, against sparsity.",
        "D* falls: " + String.join("; ", ends) + ".");
  }

  private static Table table(LadderResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < result.relu().best().size(); i++) {
      ToyRun relu = result.relu().best().get(i);
      ToyRun linear = result.linear().best().get(i);
      rows.add(
          List.of(
              ToyNumbers.title(relu),
              String.valueOf(linear.geometry().featuresKept()),
              Numbers.two(linear.geometry().squaredNorm()),
              String.valueOf(relu.geometry().featuresKept()),
              Numbers.two(relu.geometry().squaredNorm()),
              Numbers.two(relu.geometry().dimensionsPerFeature()),
              Numbers.two(relu.geometry().maxInterference())));
    }
    return new Table(
        "Features kept, " + result.ladder().label(),
        List.of(
            "Sparsity",
            "linear: kept",
            "linear: ‖W‖²",
            "ReLU: kept",
            "ReLU: ‖W‖²",
            "ReLU: D*",
            "ReLU: largest interference"),
        rows);
  }
}
