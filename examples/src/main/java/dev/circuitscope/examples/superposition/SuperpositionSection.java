package dev.circuitscope.examples.superposition;

import dev.circuitscope.core.plot.FeatureNorms;
import dev.circuitscope.core.plot.FeaturePolygon;
import dev.circuitscope.core.plot.GramPlot;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of the toy models. */
final class SuperpositionSection {

  private static final int PER_ROW = 5;

  private SuperpositionSection() {}

  static Section of(SuperpositionResult result) {
    return new Section(
        "Superposition",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "A model that squeezes %d features through %d dimensions and reconstructs them, "
                        + "x' = ReLU(WᵀWx + b), is trained at %d sparsities. Feature i has importance "
                        + "%s^i and is present with probability p = 1 − S. At each p, %d models start "
                        + "from different weights; the one with the lowest loss on held-out samples "
                        + "is shown (Toy Models of Superposition, 2022).",
                    result.recipe().features(),
                    result.recipe().hidden(),
                    result.recipe().probabilities().size(),
                    result.recipe().importanceRatio(),
                    result.recipe().restarts())),
            polygons(result),
            norms(result),
            grams(result),
            dimensions(result)));
  }

  private static ReportFigure polygons(SuperpositionResult result) {
    FeaturePolygon plot =
        new FeaturePolygon("Features as directions in the hidden plane")
            .importance(ToyNumbers.importance(result.results().config()))
            .columns(PER_ROW);
    result
        .best()
        .forEach(
            run -> plot.panel(ToyNumbers.title(run), ToyNumbers.matrix(run.model().weights())));
    return new ReportFigure(
        "superposition-polygons",
        plot.figure(),
        "Each line is a column of W: the direction in which the model stores one feature. Features "
            + "at right angles do not interfere; opposite ones, and the corners of a polygon, share "
            + "the plane. A line that is too short to see is a feature that is not stored.",
        "Feature directions at " + result.best().size() + " sparsities. " + keptText(result));
  }

  private static ReportFigure norms(SuperpositionResult result) {
    FeatureNorms plot = new FeatureNorms("How strongly each feature is stored").columns(PER_ROW);
    result
        .best()
        .forEach(
            run ->
                plot.panel(
                    ToyNumbers.title(run),
                    run.geometry().norms(),
                    run.geometry().polysemanticity()));
    return new ReportFigure(
        "superposition-norms",
        plot.figure(),
        "The length of each feature's column of W; the lighter the bar, the more its direction is "
            + "shared with other features.",
        "Bars of feature norms at " + result.best().size() + " sparsities. " + keptText(result));
  }

  private static ReportFigure grams(SuperpositionResult result) {
    GramPlot plot = new GramPlot("WᵀW and the bias").columns(PER_ROW);
    result
        .best()
        .forEach(
            run ->
                plot.panel(
                    ToyNumbers.title(run),
                    ToyNumbers.matrix(run.model().weights()),
                    ToyNumbers.doubles(run.model().bias())));
    return new ReportFigure(
        "superposition-gram",
        plot.figure(),
        "What the model makes of each feature before bias and ReLU. The diagonal is what it keeps, "
            + "everything beside it is interference: negative between features that share a line.",
        "WᵀW and bias at %d sparsities; the largest interference at the sparsest is %.2f."
            .formatted(result.best().size(), result.sparsest().geometry().maxInterference()));
  }

  private static ReportFigure dimensions(SuperpositionResult result) {
    List<ToyRun> best = result.best();
    double[] x = best.stream().mapToDouble(run -> 1 / run.featureProbability()).toArray();
    double[] perFeature =
        best.stream().mapToDouble(run -> run.geometry().dimensionsPerFeature()).toArray();
    LinePlot plot =
        new LinePlot("Dimensions per feature")
            .x("1/(1 − S) = 1/p")
            .logX()
            .y("D* = m / ‖W‖²")
            .add(Series.of("D* of the best restart", x, perFeature).withMarkers())
            .horizontal("1: a dimension each", 1)
            .horizontal("1/2: antipodal pairs", 0.5)
            .horizontal("2/5: pentagon", 0.4);
    return new ReportFigure(
        "superposition-dimensions",
        plot.figure(),
        "How many dimensions a stored feature has to itself, D* = m / ‖W‖², against sparsity. The "
            + "dashed levels are for columns of length 1; longer columns lie lower.",
        String.format(
            Locale.ROOT,
            "A line from %.2f at p = %s to %.2f at p = %s.",
            perFeature[0],
            ToyNumbers.p(result.densest().featureProbability()),
            perFeature[perFeature.length - 1],
            ToyNumbers.p(result.sparsest().featureProbability())));
  }

  private static String keptText(SuperpositionResult result) {
    int[] kept = result.kept();
    List<ToyRun> best = result.best();
    return IntStream.range(0, kept.length)
        .mapToObj(
            i ->
                "p = %s: %d kept"
                    .formatted(ToyNumbers.p(best.get(i).featureProbability()), kept[i]))
        .collect(Collectors.joining(", ", "", "."));
  }
}
