package dev.circuitscope.examples.superposition.phases;

import dev.circuitscope.core.plot.BivariateMap;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.theory.CandidateSolution;
import java.util.Comparator;

/** The phases without thresholds: how strongly the last feature is stored, and how much alone. */
final class PhaseColors {

  private PhaseColors() {}

  static ReportFigure of(PhaseDiagram diagram) {
    int n = diagram.features();
    double[][] norms = upright(diagram.numbers(PhaseRow::norm));
    double[][] shared = upright(diagram.numbers(PhaseRow::shared));
    double[][] theoreticalNorms = new double[norms.length][norms[0].length];
    double[][] theoreticalShared = new double[norms.length][norms[0].length];
    for (int r = 0; r < norms.length; r++) {
      for (int p = 0; p < norms[r].length; p++) {
        Geometry geometry = best(diagram, p, r);
        double polysemanticity = geometry.polysemanticity()[n - 1];
        theoreticalNorms[r][p] = geometry.norms()[n - 1];
        theoreticalShared[r][p] = polysemanticity * polysemanticity;
      }
    }
    return new ReportFigure(
        "phase-colors-n" + n,
        new BivariateMap("How the last feature is stored: n = %d, m = %d".formatted(n, n - 1))
            .logX(PhasesSection.X, PhasesSection.probabilities(diagram))
            .logY(PhasesSection.Y, PhasesSection.importances(diagram))
            .strength("norm ‖Wₙ‖", 1)
            .hue("superposition Σ (Ŵₙ·Wⱼ)²", 1)
            .panel("theory", theoreticalNorms, theoreticalShared)
            .panel("trained", norms, shared)
            .figure(),
        "The same cells without thresholds, coloured as in the paper: white where the last "
            + "feature's column is short, blue where its direction is its own, vermilion where "
            + "others lie along it. Where the colours change abruptly, so does the solution.",
        "Two maps of norm and superposition of the last feature; trained norms range from %s to %s."
            .formatted(Numbers.two(least(norms)), Numbers.two(most(norms))));
  }

  private static Geometry best(PhaseDiagram diagram, int p, int r) {
    return Geometry.of(
        CandidateSolution.of(
                diagram.features(),
                diagram.theory().probabilities().get(p),
                diagram.theory().importances().get(r))
            .stream()
            .min(Comparator.comparingDouble(CandidateSolution::loss))
            .orElseThrow()
            .model()
            .weights());
  }

  /** [importance][p] of [p][importance]. */
  private static double[][] upright(double[][] rows) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int p = 0; p < rows.length; p++) {
      for (int r = 0; r < columns.length; r++) {
        columns[r][p] = rows[p][r];
      }
    }
    return columns;
  }

  private static double least(double[][] rows) {
    double least = Double.POSITIVE_INFINITY;
    for (double[] row : rows) {
      for (double value : row) {
        least = Math.min(least, value);
      }
    }
    return least;
  }

  private static double most(double[][] rows) {
    double most = 0;
    for (double[] row : rows) {
      for (double value : row) {
        most = Math.max(most, value);
      }
    }
    return most;
  }
}
