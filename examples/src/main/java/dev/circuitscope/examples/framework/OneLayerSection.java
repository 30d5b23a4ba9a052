package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.ngrams.SkipTrigram;
import dev.circuitscope.circuits.ngrams.SkipTrigramBug;
import dev.circuitscope.circuits.ngrams.SkipTrigrams;
import dev.circuitscope.circuits.ngrams.SourceTable;
import dev.circuitscope.circuits.ngrams.TokenNames;
import dev.circuitscope.circuits.ngrams.TokenValue;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is shown of the model with one layer. */
final class OneLayerSection {

  private OneLayerSection() {}

  static Section of(FrameworkResult result) {
    OneLayerStudy study = result.copying();
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            "With one layer, the logits are the bigram table plus, for each head, what it moves from "
                + "the tokens that it attends to. A head's QK circuit, W_E W_QK W_E^T, says which "
                + "source token a destination token attends to; its OV circuit, W_E W_OV W_U, what "
                + "attending to a token does to the logits. Together they are skip-trigrams: "
                + "source ... destination -> out."));
    blocks.add(scatter(study));
    blocks.add(matching(study));
    blocks.add(histogram(study));
    blocks.add(sources(study));
    blocks.add(triples("The strongest skip-trigrams that copy their source", study.copying()));
    blocks.add(triples("The strongest skip-trigrams that do not", study.others()));
    study.bug().ifPresent(bug -> blocks.addAll(bug(bug)));
    return new Section("One layer: copying and skip-trigrams", blocks);
  }

  private static ReportFigure scatter(OneLayerStudy study) {
    HeadEigenvalues values = study.eigenvalues();
    return new ReportFigure(
        "framework-one-layer-ov",
        EigenvalueFigures.panels(
            "Eigenvalues of the OV circuits of the 1-layer model", values.heads(), values.ov()),
        "Each point is an eigenvalue of the circuit from tokens to logits; beside each head's name "
            + "stands their sum over the sum of their magnitudes. Positive ones mean that attending to "
            + "a token raises that token and those that look like it: the head copies.",
        "Eigenvalues in the complex plane. Sum over sum of magnitudes: "
            + EigenvalueFigures.list(values.heads(), values.ov())
            + ".");
  }

  private static ReportFigure matching(OneLayerStudy study) {
    HeadEigenvalues values = study.eigenvalues();
    return new ReportFigure(
        "framework-one-layer-qk",
        EigenvalueFigures.panels(
            "Eigenvalues of the QK circuits of the 1-layer model", values.heads(), values.qk()),
        "The same for the circuits that decide where heads attend. Positive ones mean that a token "
            + "attends to copies of itself, negative ones that it avoids them.",
        "Eigenvalues in the complex plane. Sum over sum of magnitudes: "
            + EigenvalueFigures.list(values.heads(), values.qk())
            + ".");
  }

  private static ReportFigure histogram(OneLayerStudy study) {
    HeadEigenvalues values = study.eigenvalues();
    return new ReportFigure(
        "framework-one-layer-copying",
        EigenvalueFigures.histogram(
            "How much the heads of the 1-layer model copy",
            "heads",
            values.ov(),
            values.ovChance(),
            values.level()),
        "The statistic is 1 if all eigenvalues of the OV circuit are positive. Random matrices of the "
            + "same shapes say what it is by chance.",
        "Histogram. %d of %d heads copy beyond chance."
            .formatted(values.copyingHeads().size(), values.heads().size()));
  }

  private static Table sources(OneLayerStudy study) {
    List<List<String>> rows = new ArrayList<>();
    for (SourceTable table : study.tables()) {
      for (SourceTable.Row row : table.rows()) {
        rows.add(
            List.of(
                row.head().toString(),
                Numbers.two(study.eigenvalues().copying(row.head())),
                table.names().name(row.source()),
                list(table.names(), row.destinations()),
                list(table.names(), row.outs())));
      }
    }
    return new Table(
        "Skip-trigrams of every head: its strongest sources, the destinations that attend to them "
            + "most, and the outs that they raise most",
        List.of("Head", "Copying", "Source", "Destinations", "Outs"),
        rows);
  }

  private static String list(TokenNames names, List<TokenValue> values) {
    return values.stream().map(v -> names.name(v.token())).collect(Collectors.joining(" "));
  }

  private static Table triples(String caption, SkipTrigrams triples) {
    return new Table(
        caption,
        List.of("Head", "Source ... destination -> out", "Preference", "Effect", "Logits raised"),
        triples.triples().stream().map(t -> row(t, triples.names())).toList());
  }

  private static List<String> row(SkipTrigram triple, TokenNames names) {
    return List.of(
        triple.head().toString(),
        triple.text(names),
        Numbers.two(triple.preference()),
        Numbers.two(triple.effect()),
        Numbers.two(triple.strength()));
  }

  private static List<Block> bug(SkipTrigramBug bug) {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < bug.triples().size(); i++) {
      List<String> row = new ArrayList<>(row(bug.triples().get(i), bug.names()));
      row.add(bug.counts().isEmpty() ? "" : Numbers.count(bug.counts().get(i)));
      rows.add(row);
    }
    return List.of(
        new Prose(
            "A head's preference depends on source and destination, its effect on source and out. So "
                + "two skip-trigrams with one source make two more, whether the text has them or not: "
                + "the paper's bug, of which the clearest case of this model is below."),
        new Table(
            "The skip-trigram bug: the first two make the last two",
            List.of(
                "Head",
                "Source ... destination -> out",
                "Preference",
                "Effect",
                "Logits raised",
                "Times in the text"),
            rows));
  }
}
