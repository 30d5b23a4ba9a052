package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.core.plot.FeaturePolygon;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;
import java.util.stream.Collectors;

/** The figures of correlated pairs that collapse. */
final class CollapseSection {

  private static final int PER_ROW = 4;

  private CollapseSection() {}

  static Section of(StructureResult result) {
    return new Section(
        "Collapse into principal components",
        List.of(
            new Prose(
                "Three correlated pairs in two dimensions, from rarely to nearly always active. Where "
                    + "there is no room for six features, a model may represent of each pair only "
                    + "the sum, its principal component: both columns of W are then the same. "
                    + "Measured: "
                    + collapse(result)
                    + "."),
            polygons(result),
            cosines(result)));
  }

  private static ReportFigure polygons(StructureResult result) {
    FeaturePolygon plot =
        new FeaturePolygon("Three correlated pairs in two dimensions")
            .groups(SetsSection.SETS, SetsSection.PAIRS)
            .columns(PER_ROW);
    result
        .pairs()
        .best()
        .forEach(run -> plot.panel(ToyNumbers.title(run), SetsSection.weights(run)));
    return new ReportFigure(
        "structure-collapse",
        plot.figure(),
        "Lines of one colour are a correlated pair. Two lines at the sparse end, one at the dense "
            + "end: the pair has collapsed into its principal component.",
        collapse(result) + ".");
  }

  private static ReportFigure cosines(StructureResult result) {
    List<ToyRun> best = result.pairs().best();
    double[] p = best.stream().mapToDouble(ToyRun::featureProbability).toArray();
    double[][] sorted = new double[3][p.length];
    for (int i = 0; i < p.length; i++) {
      List<Double> cosines =
          StructureResult.sets(best.get(i), 2).cosines().stream().sorted().toList();
      for (int rank = 0; rank < 3; rank++) {
        sorted[rank][i] = cosines.get(rank);
      }
    }
    return new ReportFigure(
        "structure-cosines",
        new LinePlot("Cosine within each of three correlated pairs")
            .x("p, how often a pair is active")
            .logX()
            .y("cosine of the two members")
            .yRange(-0.1, 1.1)
            .add(Series.of("least collapsed pair", p, sorted[0]).withMarkers())
            .add(Series.of("second", p, sorted[1]).withMarkers())
            .add(Series.of("most collapsed pair", p, sorted[2]).withMarkers())
            .horizontal("1: one direction", 1)
            .figure(),
        "A pair that has collapsed is at 1. In between the pairs differ: some collapse and leave room "
            + "for others to be orthogonal.",
        collapse(result) + ".");
  }

  /** For example {@code pairs collapsed: 0 at p = 0.01, 3 at p = 0.8}. */
  static String collapse(StructureResult result) {
    return result.pairs().best().stream()
        .map(
            run ->
                "%d at p = %s"
                    .formatted(
                        StructureResult.sets(run, 2).collapsed(),
                        ToyNumbers.p(run.featureProbability())))
        .collect(Collectors.joining(", ", "pairs collapsed: ", ""));
  }
}
