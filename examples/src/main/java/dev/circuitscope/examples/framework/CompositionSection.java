package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.algebra.CompositionScores;
import dev.circuitscope.circuits.algebra.HeadPair;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.HeadGrids;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;

/** What is shown of how the heads of the model with two layers read each other. */
final class CompositionSection {

  private static final int PAIRS = 4;

  private CompositionSection() {}

  static Section of(FrameworkResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            "With two layers, heads of the second can read what heads of the first wrote: into their "
                + "queries, their keys or their values. How much they do is a ratio of norms of weight "
                + "matrices, ||W_OV W|| / (||W_OV|| ||W||); what random heads of the same shapes have "
                + "is subtracted. This model was trained on text of which a share of the windows "
                + "repeats blocks of scattered tokens, which brings induction heads about sooner."));
    blocks.add(heads(result));
    blocks.add(heatMaps(result.composition()));
    blocks.add(pairs(result.composition()));
    blocks.add(graph(result));
    blocks.add(scatter(result.composition()));
    return new Section("Two layers: composition", blocks);
  }

  private static ReportFigure heads(FrameworkResult result) {
    InductionStudy study = result.induction();
    Head previous = study.previous();
    Head induction = study.induction();
    return new ReportFigure(
        "framework-two-layer-heads",
        new HeadGrids("What the heads of the 2-layer model attend to")
            .panel("previous token", study.scores().previousToken().values())
            .panel("after earlier copies", study.scores().prefixMatching().values())
            .meaning("attention on repeated random tokens")
            .columns(2)
            .figure(),
        "Mean attention to the token before, and to the tokens that came after earlier copies of the "
            + "current one (prefix matching), on random tokens that stand there several times.",
        "%s attends to the previous token with %s, %s to what came after earlier copies with %s."
            .formatted(
                previous,
                Numbers.two(study.scores().previousToken().score(previous)),
                induction,
                Numbers.two(study.scores().prefixMatching().score(induction))));
  }

  private static ReportFigure heatMaps(CompositionStudy study) {
    HeadPair best = study.keys().best();
    return new ReportFigure(
        "framework-composition",
        CompositionFigures.heatMaps(study),
        "Each cell is a head of the second layer that reads and one of the first that writes. "
            + "White is what random heads have.",
        "Three heat maps. The strongest K-composition is of %s: %s above random heads, whose mean is %s."
            .formatted(
                best,
                Numbers.three(study.keys().adjusted(best)),
                Numbers.three(study.keys().baseline().mean())));
  }

  private static Table pairs(CompositionStudy study) {
    List<List<String>> rows = new ArrayList<>();
    for (CompositionScores scores : study.all()) {
      for (HeadPair pair : scores.ranking().subList(0, Math.min(PAIRS, scores.ranking().size()))) {
        rows.add(
            List.of(
                scores.kind() + "-composition",
                pair.toString(),
                Numbers.three(scores.raw(pair)),
                Numbers.three(scores.adjusted(pair)),
                "%.1f".formatted(scores.baseline().zScore(scores.raw(pair)))));
      }
    }
    return new Table(
        "The pairs that compose most. Random heads have %s ± %s"
            .formatted(
                Numbers.three(study.keys().baseline().mean()),
                Numbers.three(study.keys().baseline().deviation())),
        List.of("Kind", "Pair", "Score", "Above random heads", "In their deviations"),
        rows);
  }

  private static ReportFigure graph(FrameworkResult result) {
    return new ReportFigure(
        "framework-composition-graph",
        CompositionFigures.graph(result),
        "The same scores as edges, the thicker the higher. Light nodes are induction heads.",
        "Heads of two layers with the strongest compositions between them. The strongest of each kind: %s."
            .formatted(
                String.join(
                    ", ",
                    result.composition().all().stream()
                        .map(s -> s.kind() + " " + s.best())
                        .toList())));
  }

  private static ReportFigure scatter(CompositionStudy study) {
    HeadEigenvalues values = study.eigenvalues();
    return new ReportFigure(
        "framework-two-layer-ov",
        EigenvalueFigures.panels(
            "Eigenvalues of the OV circuits of the 2-layer model", values.heads(), values.ov()),
        "From tokens through one head to logits, as for the 1-layer model above. A head of the first "
            + "layer may move what only later heads read.",
        "Eigenvalues in the complex plane. Sum over sum of magnitudes: "
            + EigenvalueFigures.list(values.heads(), values.ov())
            + ".");
  }
}
