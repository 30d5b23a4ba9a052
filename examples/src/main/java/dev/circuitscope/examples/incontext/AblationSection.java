package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.ScatterPlot;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What is shown of models of which heads are taken out. */
final class AblationSection {

  private AblationSection() {}

  static Section of(InContextResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            "Which heads does the change rest on? Each head of the trained models is taken out, its"
                + " output zero: with everything behind it free to change (full), or with all"
                + " attention patterns held as they are (pattern-preserving), so that only what the"
                + " head itself writes is missing. The before-and-after score is the dot product of"
                + " the losses which that adds to single tokens with the direction of length 1 in"
                + " which they moved while prefix matching rose. Negative: taking the head out"
                + " undoes the change."));
    if (result.ablations().isEmpty()) {
      blocks.add(new Prose("No model of two or three layers formed induction heads in this run."));
    } else {
      blocks.add(scatter(result));
      result.ablations().forEach(study -> blocks.add(table(study)));
    }
    return new Section("Heads taken out", blocks);
  }

  private static ReportFigure scatter(InContextResult result) {
    return new ReportFigure(
        "incontext-ablation",
        Figure.grid(
            2,
            result.ablations().stream().map(study -> panel(result, study)).toArray(Figure[]::new)),
        "Each point is a head: what it attends to at the end of training, and how much taking it"
            + " out, patterns preserved, moves per-token losses back. Right of the line: induction"
            + " heads.",
        result.ablations().stream()
            .map(
                study ->
                    "%s: most negative are %s"
                        .formatted(
                            study.kind().label(),
                            lowestFirst(study).stream()
                                .limit(3)
                                .map(h -> h + " " + Numbers.two(study.beforeAndAfter().score(h)))
                                .collect(Collectors.joining(", "))))
            .collect(Collectors.joining("; ", "Scatter plots. ", ".")));
  }

  private static List<Head> lowestFirst(AblationStudy study) {
    List<Head> heads = new ArrayList<>(study.beforeAndAfter().ranking());
    Collections.reverse(heads);
    return heads;
  }

  private static Figure panel(InContextResult result, AblationStudy study) {
    ScatterPlot plot =
        new ScatterPlot(study.kind().label())
            .x("prefix matching at the end")
            .y("before-and-after score of its ablation (nats)")
            .xRange(-0.05, 1.05)
            .vertical("induction heads from here", result.recipe().readings().inductionHead())
            .horizontal("no effect along the change", 0);
    for (int layer = 0; layer < study.kind().layers(); layer++) {
      int at = layer;
      List<Head> heads =
          study.prefixMatching().ranking().stream().filter(h -> h.layer() == at).toList();
      plot.points(
          Series.of(
                  "layer " + layer,
                  heads.stream().mapToDouble(study.prefixMatching()::score).toArray(),
                  heads.stream().mapToDouble(study.beforeAndAfter()::score).toArray())
              .withColor(CourseCurves.layerColor(layer)));
    }
    study
        .inductionHeads()
        .forEach(
            h ->
                plot.label(
                    h.toString(),
                    study.prefixMatching().score(h),
                    study.beforeAndAfter().score(h)));
    return plot.figure().sized(CourseCurves.HALF_WIDTH, CourseCurves.HALF_HEIGHT);
  }

  private static Table table(AblationStudy study) {
    List<List<String>> rows = new ArrayList<>();
    for (Head head : study.prefixMatching().ranking()) {
      InContextAblation without = study.without(head);
      rows.add(
          List.of(
              head.toString(),
              Numbers.two(study.prefixMatching().score(head)),
              Numbers.two(study.previousToken().score(head)),
              "%s ± %s"
                  .formatted(
                      Numbers.two(study.beforeAndAfter().score(head)),
                      Numbers.two(study.beforeAndAfter().standardError(head))),
              share(study, without.patternPreserving()),
              share(study, without.full())));
    }
    study
        .together()
        .ifPresent(
            all ->
                rows.add(
                    List.of(
                        all.heads().stream().map(Head::toString).collect(Collectors.joining(", ")),
                        "all induction heads",
                        "",
                        "",
                        share(study, all.patternPreserving()),
                        share(study, all.full()))));
    return new Table(
        ("%s: heads taken out at the end of training. In-context learning score %s at step %s,"
                + " where prefix matching starts to rise, %s at the end; removed is the share of that"
                + " move which is gone without the head (above 100%%: worse than before the change)")
            .formatted(
                study.kind().label(),
                Numbers.two(study.before().mean()),
                Numbers.count(study.change().start()),
                Numbers.two(study.after().mean())),
        List.of(
            "Head",
            "Prefix matching",
            "Previous token",
            "Before and after, nats",
            "Removed, patterns preserved",
            "Removed, full"),
        rows);
  }

  private static String share(AblationStudy study, SampleMean ablated) {
    return Numbers.percent(study.removed(ablated));
  }
}
