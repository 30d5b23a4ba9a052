package dev.circuitscope.examples.superposition.structure;

import dev.circuitscope.core.plot.FeaturePolygon;
import dev.circuitscope.core.plot.GramPlot;
import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.geometry.SetGeometry;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;
import java.util.stream.Collectors;

/** The figures of correlated and anticorrelated sets. */
final class SetsSection {

  static final List<String> SETS = List.of("set 1", "set 2", "set 3");
  static final int[] PAIRS = {0, 0, 1, 1, 2, 2};

  private SetsSection() {}

  static Section of(StructureResult result) {
    return new Section(
        "Correlated and anticorrelated features",
        List.of(
            new Prose(
                "Correlated features are active together: their set is empty with probability 1 − p, "
                    + "else all members are active. Of an anticorrelated set at most one member is "
                    + "active. Features that are often active together cost most where they "
                    + "interfere; features that never are together cost nothing there."),
            polygons(result),
            bases(result),
            ratio(result)));
  }

  private static ReportFigure polygons(StructureResult result) {
    ToyRun correlated = result.correlated().best(0);
    ToyRun anticorrelated = result.anticorrelated().best(0);
    ToyRun three = StructureResult.at(result.pairs(), result.recipe().setProbability());
    FeaturePolygon plot =
        new FeaturePolygon(
                "Sets of features in two dimensions, p = "
                    + ToyNumbers.p(result.recipe().setProbability()))
            .groups(SETS, PAIRS)
            .columns(3)
            .panel("two correlated pairs", weights(correlated))
            .panel("two anticorrelated pairs", weights(anticorrelated))
            .panel("three correlated pairs", weights(three));
    return new ReportFigure(
        "structure-sets",
        plot.figure(),
        "Lines of one colour are features of one set. Correlated features are orthogonal where they "
            + "can be, and side by side where they cannot; anticorrelated ones lie opposite each "
            + "other.",
        "Cosines within sets: correlated %s; anticorrelated %s; three correlated pairs %s."
            .formatted(cosines(correlated), cosines(anticorrelated), cosines(three)));
  }

  private static ReportFigure bases(StructureResult result) {
    GramPlot plot = new GramPlot("WᵀW of two correlated sets of ten, in ten dimensions").columns(3);
    for (ToyRun run : result.bases().best()) {
      plot.panel(ToyNumbers.title(run), weights(run), ToyNumbers.doubles(run.model().bias()));
    }
    return new ReportFigure(
        "structure-bases",
        plot.figure(),
        "Features 0 to 9 are one set, 10 to 19 the other. Where features are sparse, the two diagonal "
            + "blocks are empty beside the diagonal: each set has an almost orthogonal basis, and "
            + "all interference is in the blocks between the sets.",
        perProbability(result));
  }

  private static ReportFigure ratio(StructureResult result) {
    List<ToyRun> best = result.bases().best();
    double[] p = best.stream().mapToDouble(ToyRun::featureProbability).toArray();
    double[] within = best.stream().mapToDouble(run -> sets(run).within()).toArray();
    double[] across = best.stream().mapToDouble(run -> sets(run).across()).toArray();
    return new ReportFigure(
        "structure-local",
        new LinePlot("Interference within and across the two sets of ten")
            .x("p, how often a set is active")
            .logX()
            .y("mean |Wᵢ · Wⱼ|")
            .yRange(0, 0.3)
            .add(Series.of("within a set", p, within).withMarkers())
            .add(Series.of("across sets", p, across).withMarkers())
            .figure(),
        "Mean size of the dot products of two features. The bases are local as long as the lower line "
            + "is far below the upper one.",
        perProbability(result));
  }

  private static String perProbability(StructureResult result) {
    return result.bases().best().stream()
        .map(
            run ->
                "p = %s: mean |Wᵢ · Wⱼ| %s within, %s across sets"
                    .formatted(
                        ToyNumbers.p(run.featureProbability()),
                        Numbers.three(sets(run).within()),
                        Numbers.three(sets(run).across())))
        .collect(Collectors.joining("; ", "", "."));
  }

  private static SetGeometry sets(ToyRun run) {
    return StructureResult.sets(run, Structure.BASE);
  }

  private static String cosines(ToyRun run) {
    return StructureResult.sets(run, 2).cosines().stream()
        .map(Numbers::two)
        .collect(Collectors.joining(", "));
  }

  static double[][] weights(ToyRun run) {
    return ToyNumbers.matrix(run.model().weights());
  }
}
