package dev.circuitscope.examples.superposition.phases;

import dev.circuitscope.core.plot.CategoryMap;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.Palette;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.toymodels.theory.LastFeature;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/** The figures of the phase diagrams. */
final class PhasesSection {

  static final String X = "feature probability p = 1 − S (dense to sparse)";
  static final String Y = "relative importance of the last feature";
  private static final Color NOT_LEARNED = new Color(0xE2, 0xE2, 0xE2);

  private PhasesSection() {}

  static Section of(PhasesResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            ("One feature too many: %d features for each of which there is a dimension but one. All "
                    + "have importance 1 except the last. Depending on how sparse the features are "
                    + "and how important the last one is, it is best to ignore it, to give it a "
                    + "dimension of its own at the expense of another, or to store it in "
                    + "superposition. The theoretical diagram compares the expected losses of these "
                    + "solutions in closed form; the trained one shows, in each of %d × %d cells, "
                    + "the best of %d trainings by exact expected loss.")
                .formatted(
                    result.diagrams().get(0).features(),
                    result.recipe().cells(),
                    result.recipe().cells(),
                    result.recipe().restarts())));
    for (PhaseDiagram diagram : result.diagrams()) {
      blocks.add(phases(diagram));
      blocks.add(PhaseColors.of(diagram));
    }
    return new Section("Superposition as a phase change", blocks);
  }

  private static ReportFigure phases(PhaseDiagram diagram) {
    int n = diagram.features();
    boolean[][] boundary = new boolean[importances(diagram).length][probabilities(diagram).length];
    boolean[][] differs = new boolean[boundary.length][boundary[0].length];
    int[][] theory = new int[boundary.length][boundary[0].length];
    int[][] trained = new int[boundary.length][boundary[0].length];
    for (int r = 0; r < boundary.length; r++) {
      for (int p = 0; p < boundary[r].length; p++) {
        theory[r][p] = diagram.theory().outcome(p, r).ordinal();
        trained[r][p] = diagram.cell(p, r).outcome().ordinal();
        boundary[r][p] = diagram.theory().onBoundary(p, r);
        differs[r][p] = !boundary[r][p] && theory[r][p] != trained[r][p];
      }
    }
    String onBoundary = "next to a theoretical boundary";
    CategoryMap map =
        new CategoryMap("What becomes of the last feature: n = %d, m = %d".formatted(n, n - 1));
    for (LastFeature outcome : LastFeature.values()) {
      map.category(name(outcome), color(outcome));
    }
    Figure figure =
        map.logX(X, probabilities(diagram))
            .logY(Y, importances(diagram))
            .panel("theory", theory)
            .mark(onBoundary, boundary)
            .panel("trained", trained)
            .mark(onBoundary, boundary)
            .mark("differs elsewhere", differs)
            .figure();
    return new ReportFigure(
        "phases-n" + n,
        figure,
        ("Away from the boundaries (dots), training ends as the theory has it in %d of %d cells, "
                + "%s; crosses mark the others.")
            .formatted(
                diagram.inside() - diagram.wrong(), diagram.inside(), diagram.agreementText()),
        "Two maps of the last feature's fate over feature probability and relative importance, "
            + "theoretical and trained; they agree in "
            + diagram.agreementText()
            + " of the cells away from boundaries.");
  }

  static double[] probabilities(PhaseDiagram diagram) {
    return diagram.theory().probabilities().stream().mapToDouble(p -> p).toArray();
  }

  static double[] importances(PhaseDiagram diagram) {
    return diagram.theory().importances().stream().mapToDouble(r -> r).toArray();
  }

  private static String name(LastFeature outcome) {
    return switch (outcome) {
      case NOT_LEARNED -> "not learned";
      case DEDICATED -> "dimension of its own";
      case SUPERPOSITION -> "superposition";
    };
  }

  private static Color color(LastFeature outcome) {
    return switch (outcome) {
      case NOT_LEARNED -> NOT_LEARNED;
      case DEDICATED -> Palette.of(0);
      case SUPERPOSITION -> Palette.of(1);
    };
  }
}
