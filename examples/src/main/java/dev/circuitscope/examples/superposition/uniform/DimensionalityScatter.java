package dev.circuitscope.examples.superposition.uniform;

import dev.circuitscope.core.plot.ScatterPlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.toymodels.geometry.DimensionalityClusters;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The D_i of every feature at every sparsity, over the lines of the named figures. */
final class DimensionalityScatter {

  /** Half the width over which the features of a sparsity are spread out, as a ratio. */
  private static final double SPREAD = 1.03;

  private static final List<String> NAMES = List.of("1", "3/4", "2/3", "1/2", "2/5", "3/8");
  private static final List<RegularFigure> FIGURES =
      List.of(
          RegularFigure.DEDICATED,
          RegularFigure.TETRAHEDRON,
          RegularFigure.TRIANGLE,
          RegularFigure.DIGON,
          RegularFigure.PENTAGON,
          RegularFigure.SQUARE_ANTIPRISM);

  /** Where there are no features above the lowest line. */
  private static final double LABELS_AT = 40;

  private static final double BESIDE = 0.018;

  private DimensionalityScatter() {}

  static ReportFigure of(UniformResult result) {
    ScatterPlot plot =
        new ScatterPlot("Feature dimensionality").x("1/(1 − S) = 1/p").logX().y("Dᵢ");
    List<double[]> learned = new ArrayList<>();
    List<double[]> rest = new ArrayList<>();
    for (UniformRow row : result.rows()) {
      double[] d = row.geometry().dimensionality();
      for (int i = 0; i < d.length; i++) {
        double place = d.length == 1 ? 0 : 2.0 * i / (d.length - 1) - 1;
        double x = row.sparsity() * Math.pow(SPREAD, place);
        (row.graph().unlearned().contains(i) ? rest : learned).add(new double[] {x, d[i]});
      }
    }
    add(plot, "not learned (‖Wᵢ‖ up to 0.5)", rest, 5);
    add(plot, "learned", learned, 0);
    for (int i = 0; i < FIGURES.size(); i++) {
      plot.horizontal(NAMES.get(i) + " " + FIGURES.get(i), FIGURES.get(i).dimensionality());
      // Beside its line; two lines are so close that one name has to stand below.
      double beside = FIGURES.get(i) == RegularFigure.SQUARE_ANTIPRISM ? -BESIDE : BESIDE;
      plot.label(FIGURES.get(i).toString(), LABELS_AT, FIGURES.get(i).dimensionality() + beside);
    }
    plot.yRange(-0.03, 1.05);
    return new ReportFigure(
        "uniform-dimensionality",
        plot.figure().sized(820, 620),
        "One dot per feature and sparsity, spread out a little to the side. Dense features share "
            + "all directions alike; then features have a dimension each or none; and where lines "
            + "of dots lie on a dashed line, features form that figure.",
        result.rows().stream()
            .map(row -> "1/p = " + UniformSection.sparsity(row) + ": " + clusters(row) + ".")
            .collect(Collectors.joining(" ")));
  }

  private static void add(ScatterPlot plot, String name, List<double[]> points, int color) {
    if (!points.isEmpty()) {
      double[] x = points.stream().mapToDouble(point -> point[0]).toArray();
      double[] y = points.stream().mapToDouble(point -> point[1]).toArray();
      plot.points(Series.of(name, x, y).withColor(color));
    }
  }

  private static String clusters(UniformRow row) {
    return row.clusters().clusters().stream()
        .filter(cluster -> !cluster.name().equals(DimensionalityClusters.UNLEARNED))
        .map(
            cluster ->
                String.format(
                    Locale.ROOT,
                    "%d features at %.2f (%s)",
                    cluster.features().size(),
                    cluster.mean(),
                    cluster.name()))
        .collect(Collectors.joining(", "));
  }
}
