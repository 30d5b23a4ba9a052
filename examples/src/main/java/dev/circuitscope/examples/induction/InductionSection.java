package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.Snapshot;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures and tables of induction heads. */
final class InductionSection {

  private InductionSection() {}

  static Section of(InductionResult result) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(introduction(result));
    blocks.add(curves(result));
    blocks.add(grids(result));
    blocks.add(table(result));
    blocks.add(halves(result));
    blocks.add(onRepeats(result));
    blocks.add(onText(result));
    blocks.add(copying(result));
    result.plainText().ifPresent(run -> blocks.addAll(plainText(result, run)));
    return new Section("Induction heads", blocks);
  }

  private static Prose introduction(InductionResult result) {
    return new Prose(
        String.format(
            Locale.ROOT,
            "An induction head looks back for an earlier copy of the current token and attends to the "
                + "token after it, so that it can predict that what came then comes again. It needs a "
                + "head in an earlier layer that tells each position which token stands before it. Two "
                + "attention-only transformers, of one and of two layers, are trained here on the "
                + "source code of commons-math; %.0f%% of their training windows are a block "
                + "of tokens from random places of that text, repeated until the window is full, "
                + "which brings the heads about sooner than plain text does. Both see "
                + "the same windows in the same order.",
            100 * result.recipe().data().repeatedShare()));
  }

  private static ReportFigure curves(InductionResult result) {
    ModelRun two = result.twoLayers();
    Optional<PhaseChange> change = two.timeline().inductionChange();
    return new ReportFigure(
        "induction-training",
        TrainingCurves.of(List.of(result.oneLayer(), two), TrainingCurves.Band.of(two, change)),
        change
                .map(c -> "Shaded: where the 2-layer model's best induction score makes its rise, ")
                .orElse("The 2-layer model's best induction score does not rise. ")
            + change.map(c -> InductionFindings.window(two, c) + ". ").orElse("")
            + "Dashed: training batches, which hold repeated blocks; solid: held-out text, which "
            + "holds none. The in-context learning score is the loss late in a window minus the "
            + "loss early in it.",
        "Four curves over tokens seen for the 1-layer and the 2-layer model. At the end: "
            + ending(result.oneLayer())
            + "; "
            + ending(two)
            + ".");
  }

  private static String ending(ModelRun run) {
    Snapshot last = run.last();
    return String.format(
        Locale.ROOT,
        "%s, held-out loss %.2f, loss on repeated random tokens %.2f, best induction score %.2f, "
            + "in-context learning score %.2f",
        run.name(),
        last.inContext().loss().mean(),
        last.copyLoss().second().mean(),
        run.bestInduction(),
        last.inContext().score().mean());
  }

  private static ReportFigure grids(InductionResult result) {
    return new ReportFigure(
        "induction-heads",
        HeadFigures.grids(List.of(result.oneLayer(), result.twoLayers())),
        "Mean attention of every trained head on random tokens that stand there twice: to the token "
            + "after the earlier copy (induction), to the token before, and to the earlier copy itself.",
        String.format(
            Locale.ROOT,
            "Grids of head scores. Best induction score: %s %.2f in the 1-layer model, %s %.2f in the "
                + "2-layer model.",
            result.oneLayer().bestHead(),
            result.oneLayer().bestInduction(),
            result.twoLayers().bestHead(),
            result.twoLayers().bestInduction()));
  }

  private static Table table(InductionResult result) {
    double threshold = result.recipe().measures().inductionHead();
    List<List<String>> rows = new ArrayList<>();
    for (ModelRun run : result.runs()) {
      List<Head> heads = run.inductionHeads(threshold);
      heads.forEach(head -> rows.add(row(run, head)));
      if (heads.isEmpty()) {
        rows.add(List.of(run.name(), "none", "", "", "", ""));
      }
    }
    return new Table(
        String.format(
            Locale.ROOT,
            "Induction heads: heads with an induction score of %.1f or more",
            threshold),
        List.of(
            "Model",
            "Head",
            "Induction score",
            "Prefix matching",
            "Half risen at",
            "Rises between"),
        rows);
  }

  private static List<String> row(ModelRun run, Head head) {
    HeadScores induction = run.last().heads().induction();
    Optional<PhaseChange> rise = run.rise(head);
    return List.of(
        run.name(),
        head.toString(),
        String.format(
            Locale.ROOT, "%.3f ± %.3f", induction.score(head), induction.standardError(head)),
        String.format(Locale.ROOT, "%.3f", run.last().heads().prefixMatching().score(head)),
        rise.map(c -> at(run, c.half())).orElse("does not rise"),
        rise.map(c -> at(run, c.start()) + " and " + at(run, c.end())).orElse(""));
  }

  private static String at(ModelRun run, long step) {
    return String.format(Locale.ROOT, "step %,d (%.1f M tokens)", step, run.millions(step));
  }

  private static ReportFigure halves(InductionResult result) {
    ModelRun two = result.twoLayers();
    List<Head> heads = two.inductionHeads(result.recipe().measures().inductionHead());
    Head previous = two.previousTokenHead();
    return new ReportFigure(
        "induction-circuit",
        TrainingCurves.ofHeads(
            two,
            heads.isEmpty() ? List.of(two.bestHead()) : heads,
            TrainingCurves.Band.of(two, two.timeline().inductionChange())),
        "Dashed: how much the first layer's best previous-token head attends to the token before. "
            + "Solid: the induction scores of the heads that can build on it.",
        String.format(
            Locale.ROOT,
            "Scores over training in the 2-layer model. At the end %s has a previous-token score of "
                + "%.2f and %s an induction score of %.2f.",
            previous,
            two.last().heads().previousToken().score(previous),
            two.bestHead(),
            two.bestInduction()));
  }

  private static ReportFigure onRepeats(InductionResult result) {
    AttentionExample example = result.onRepeats();
    int block = (example.tokens().size() - 1) / 2;
    return new ReportFigure(
        "induction-attention-repeats",
        HeadFigures.attention(example, "random tokens that stand there twice"),
        "A start token, then "
            + block
            + " random tokens twice. In the second half, an induction head attends to the token after "
            + "the earlier copy of each row's token: a stripe "
            + (block - 1)
            + " places left of the diagonal.",
        "Attention pattern of %s over %d tokens."
            .formatted(example.head(), example.tokens().size()));
  }

  private static ReportFigure onText(InductionResult result) {
    AttentionExample example = result.onText();
    return new ReportFigure(
        "induction-attention-text",
        HeadFigures.attention(example, "held-out text"),
        "The snippet is the one of the held-out text in which most different pairs of tokens come "
            + "again. An induction head attends to what came after the same token before.",
        "Attention pattern of %s over %d tokens of source code."
            .formatted(example.head(), example.tokens().size()));
  }

  private static ReportFigure copying(InductionResult result) {
    return new ReportFigure(
        "induction-copying",
        HeadFigures.copying(List.of(result.oneLayer(), result.twoLayers())),
        "Random tokens cannot be predicted the first time; the second time they can, by a model that "
            + "copies. The 1-layer model can only favour all tokens that it has seen, whatever "
            + "their order.",
        String.format(
            Locale.ROOT,
            "Loss by token in the block. Mean the first and the second time: 1 layer %.2f and %.2f "
                + "nats, 2 layers %.2f and %.2f nats.",
            result.oneLayer().last().copyLoss().first().mean(),
            result.oneLayer().last().copyLoss().second().mean(),
            result.twoLayers().last().copyLoss().first().mean(),
            result.twoLayers().last().copyLoss().second().mean()));
  }

  private static List<Block> plainText(InductionResult result, ModelRun run) {
    return List.of(
        new Prose(
            "The same 2-layer model was also trained on plain text alone, without repeated blocks, "
                + "at a constant learning rate."),
        new ReportFigure(
            "induction-plain-text",
            TrainingCurves.of(
                List.of(run), TrainingCurves.Band.of(run, run.timeline().inductionChange())),
            "Training on plain text alone. "
                + run.timeline()
                    .inductionChange()
                    .map(c -> "The best induction score rises " + InductionFindings.window(run, c))
                    .orElse("No induction head has formed by the end")
                + ".",
            "Four curves over tokens seen. At the end: " + ending(run) + "."));
  }
}
