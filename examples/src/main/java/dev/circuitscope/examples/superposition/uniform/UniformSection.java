package dev.circuitscope.examples.superposition.uniform;

import dev.circuitscope.core.plot.InterferenceGraphPlot;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures of features of equal importance. */
final class UniformSection {

  private UniformSection() {}

  static Section of(UniformResult result) {
    UniformRecipe recipe = result.recipe();
    return new Section(
        "Uniform importance: the geometry of superposition",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "%d features that matter equally share %d dimensions, at %d sparsities. Dᵢ says "
                        + "what fraction of a dimension feature i has to itself; the features that "
                        + "are not orthogonal to each other form a graph, whose components are "
                        + "compared with regular figures. The sum of all Dᵢ is %s to %s at the "
                        + "sparsities tried.",
                    recipe.features(),
                    recipe.hidden(),
                    recipe.sparsities().size(),
                    Numbers.two(
                        result.rows().stream()
                            .mapToDouble(UniformRow::totalDimensionality)
                            .min()
                            .orElseThrow()),
                    Numbers.two(
                        result.rows().stream()
                            .mapToDouble(UniformRow::totalDimensionality)
                            .max()
                            .orElseThrow()))),
            dimensions(result),
            DimensionalityScatter.of(result),
            graphs(result),
            table(result)));
  }

  private static ReportFigure dimensions(UniformResult result) {
    double[] x = result.rows().stream().mapToDouble(UniformRow::sparsity).toArray();
    double[] perFeature =
        result.rows().stream().mapToDouble(row -> row.geometry().dimensionsPerFeature()).toArray();
    UniformRow half = result.nearest(3);
    return new ReportFigure(
        "uniform-dimensions",
        new LinePlot(
                "Dimensions per feature, n = %d, m = %d"
                    .formatted(result.recipe().features(), result.recipe().hidden()))
            .x("1/(1 − S) = 1/p")
            .logX()
            .y("D* = m / ‖W‖²")
            .add(Series.of("D*", x, perFeature).withMarkers())
            .horizontal("1: a dimension each", 1)
            .horizontal("1/2: antipodal pairs", 0.5)
            .figure(),
        "Dimensions per feature against sparsity. The curve is flat where one way to arrange "
            + "features stays the best one over a range of sparsities: look for 1, where features "
            + "are dense, and 1/2, where they are antipodal pairs.",
        "D* is %s at p = 1, %s at 1/p = %s and %s at 1/p = %s."
            .formatted(
                Numbers.two(perFeature[0]),
                Numbers.two(half.geometry().dimensionsPerFeature()),
                sparsity(half),
                Numbers.two(perFeature[perFeature.length - 1]),
                sparsity(x[x.length - 1])));
  }

  private static ReportFigure graphs(UniformResult result) {
    InterferenceGraphPlot plot =
        new InterferenceGraphPlot("Features that share directions").columns(3);
    List<UniformRow> shown =
        result.rows().stream()
            .filter(row -> result.recipe().shown().contains(row.sparsity()))
            .toList();
    for (UniformRow row : shown) {
      plot.panel(
          "1/p = " + sparsity(row),
          ToyNumbers.matrix(row.run().model().weights()),
          row.graph().components().stream().map(InterferenceGraph.Component::features).toList());
    }
    return new ReportFigure(
        "uniform-graphs",
        plot.figure(),
        "Every learned feature is a dot, and a line joins two that are not orthogonal (%s). Groups "
                .formatted("|cosine| above " + UniformRow.TOLERANCE.orthogonal())
            + "that no line joins lie in orthogonal spaces. Two opposite dots are an antipodal "
            + "pair; a star of five with its faint outline is a pentagon, one of eight a square "
            + "antiprism. In the sparsest panels the figures run into each other.",
        shown.stream()
            .map(row -> "1/p = " + sparsity(row) + ": " + components(row) + ".")
            .collect(Collectors.joining(" ")));
  }

  private static Table table(UniformResult result) {
    return new Table(
        "What the models consist of",
        List.of("1/p", "D*", "Σ Dᵢ", "features learned", "on a figure's line", "components"),
        result.rows().stream()
            .map(
                row ->
                    List.of(
                        sparsity(row),
                        Numbers.three(row.geometry().dimensionsPerFeature()),
                        Numbers.two(row.totalDimensionality()),
                        String.valueOf(row.learned()),
                        String.valueOf(row.onLines()),
                        components(row)))
            .toList());
  }

  /** For example {@code 23 digon, 2 pentagon}. */
  static String components(UniformRow row) {
    String text =
        row.graph().counts().entrySet().stream()
            .map(entry -> entry.getValue() + " × " + entry.getKey())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "no learned features" : text;
  }

  static String sparsity(UniformRow row) {
    return sparsity(row.sparsity());
  }

  static String sparsity(double sparsity) {
    String text = String.format(Locale.ROOT, "%.3g", sparsity);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
