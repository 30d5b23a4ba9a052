package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.core.plot.FeaturePolygon;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.superposition.ToyNumbers;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures of a pentagon of which one feature is rarer or more frequent than the others. */
final class PolygonSection {

  private static final int PER_ROW = 5;

  private PolygonSection() {}

  static Section of(StructureResult result) {
    return new Section(
        "Non-uniform superposition",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "Five features in two dimensions; four are active with probability %s, one with "
                        + "a multiple of it. Besides training, two solutions are followed exactly, "
                        + "without sampling, from one multiple to the next: the pentagon, and two "
                        + "digons without the varied feature. Their losses cross at %s.",
                    ToyNumbers.p(result.recipe().polygonProbability()),
                    Numbers.three(result.branches().crossing()))),
            polygons(result),
            losses(result)));
  }

  private static ReportFigure polygons(StructureResult result) {
    FeaturePolygon plot =
        new FeaturePolygon("A pentagon of which one feature is not as frequent as the others")
            .groups(List.of("other features", "feature that is varied"), 1, 0, 0, 0, 0)
            .columns(PER_ROW);
    for (PolygonCell cell : result.polygons()) {
      plot.panel("× " + text(cell.factor()), upright(SetsSection.weights(cell.best())));
    }
    return new ReportFigure(
        "structure-polygons",
        plot.figure(),
        "Above each panel: how frequent the varied feature is, relative to the others. The pentagon "
            + "stretches as the feature becomes rarer, and gives way at once to two digons which "
            + "leave it out. Planes are turned so that the varied feature, where it is stored, "
            + "points up.",
        result.polygons().stream()
            .map(
                cell ->
                    "× %s: %s, varied feature %s long"
                        .formatted(
                            text(cell.factor()),
                            cell.shape().name().toLowerCase(Locale.ROOT),
                            Numbers.two(cell.firstNorm())))
            .collect(Collectors.joining("; ", "", ".")));
  }

  /** Turns the plane so that the longer of the first two features points up. */
  private static double[][] upright(double[][] w) {
    int up = Math.hypot(w[0][0], w[1][0]) > 0.1 ? 0 : 1;
    double length = Math.max(1e-9, Math.hypot(w[0][up], w[1][up]));
    double sin = w[0][up] / length;
    double cos = w[1][up] / length;
    double[][] turned = new double[2][w[0].length];
    for (int i = 0; i < w[0].length; i++) {
      turned[0][i] = cos * w[0][i] - sin * w[1][i];
      turned[1][i] = sin * w[0][i] + cos * w[1][i];
    }
    return turned;
  }

  private static ReportFigure losses(StructureResult result) {
    PolygonBranches branches = result.branches();
    double[] factors = doubles(branches.factors());
    double[] trainedAt = result.polygons().stream().mapToDouble(PolygonCell::factor).toArray();
    double[] trained = result.polygons().stream().mapToDouble(PolygonCell::loss).toArray();
    LinePlot plot =
        new LinePlot("Losses of the two solutions")
            .x("probability of the varied feature, relative to the others'")
            .logX()
            .y("expected loss, mean over features")
            .logY()
            .add(Series.of("pentagon, exact", factors, doubles(branches.pentagon())))
            .add(Series.of("two digons, exact", factors, doubles(branches.digons())))
            .add(Series.of("best trained model", trainedAt, trained).withMarkers().withDashes());
    if (Double.isFinite(branches.crossing())) {
      plot.vertical("losses cross at " + Numbers.three(branches.crossing()), branches.crossing());
    }
    return new ReportFigure(
        "structure-losses",
        plot.figure(),
        "Both solutions exist on both sides of the crossing, as minima that are followed from one "
            + "multiple to the next. Trained models are on the lower one: they change over where "
            + "the curves cross.",
        result.polygons().stream()
            .map(
                cell ->
                    String.format(
                        Locale.ROOT, "× %s: trained %.5f", text(cell.factor()), cell.loss()))
            .collect(Collectors.joining("; ", "", ".")));
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static String text(double factor) {
    return String.format(Locale.ROOT, "%.2f", factor).replaceFirst("\\.?0+$", "");
  }
}
