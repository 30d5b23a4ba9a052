package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.core.plot.NeuronBars;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AbsoluteValueNeurons;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Fewer neurons than signs of features, from dense to sparse. */
final class SweepSection {

  private static final int PER_ROW = 4;

  private SweepSection() {}

  static Section of(AbsoluteResult result) {
    AbsoluteRecipe.Shape shape = result.recipe().sweep();
    return new Section(
        "Absolute values: from dedicated pairs to polysemantic neurons",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "%d features of importance %s^i need %d neurons for both signs of each, and have "
                        + "%d. Shown is, at each p, %s. A neuron counts as one of a single feature if "
                        + "its purity is above %s: the share of that feature in the squares of what "
                        + "it reads, times its share in what it writes, each output weighted by its "
                        + "importance.",
                    shape.features(),
                    shape.importanceRatio(),
                    2 * shape.features(),
                    shape.neurons(),
                    shape.restarts() == 1
                        ? "a trained model"
                        : "the one of %d trained models with the lowest loss on held-out samples"
                            .formatted(shape.restarts()),
                    AbsoluteResult.MONOSEMANTIC)),
            reading(result),
            writing(result),
            table(result)));
  }

  private static ReportFigure reading(AbsoluteResult result) {
    NeuronBars plot = bars("What each neuron reads: W₁", "weight (up: x > 0, down: x < 0)");
    for (ToyRun run : result.sweep().best()) {
      NeuronOrder order = NeuronOrder.of(run);
      plot.panel(
          ToyNumbers.title(run),
          order.reading(),
          order.kinds(AbsoluteResult.neurons(result.sweep(), run)));
    }
    return new ReportFigure(
        "absolute-reading",
        plot.figure(),
        "A bar for each neuron, a segment for each feature it reads: upwards if the feature's "
            + "positive values make it fire, downwards if its negative ones do. Neurons stand in the "
            + "order of the feature they read most.",
        text(result));
  }

  private static ReportFigure writing(AbsoluteResult result) {
    NeuronBars plot = bars("What each neuron writes: W₂ √I", "weight × √importance");
    for (ToyRun run : result.sweep().best()) {
      NeuronOrder order = NeuronOrder.of(run);
      double[][] writing = order.writing();
      for (double[] column : writing) {
        for (int i = 0; i < column.length; i++) {
          column[i] *= Math.sqrt(Math.pow(result.recipe().sweep().importanceRatio(), i));
        }
      }
      plot.panel(
          ToyNumbers.title(run), writing, order.kinds(AbsoluteResult.neurons(result.sweep(), run)));
    }
    return new ReportFigure(
        "absolute-writing",
        plot.figure(),
        "The same neurons: what they add to outputs (upwards) and take away from them (downwards: "
            + "inhibition), as it counts in the loss.",
        text(result));
  }

  private static NeuronBars bars(String title, String y) {
    return new NeuronBars(title)
        .kinds("serves one feature", "serves several")
        .y(y)
        .columns(PER_ROW);
  }

  private static String text(AbsoluteResult result) {
    return String.join(
            ", ",
            result.sweep().best().stream()
                .map(
                    run ->
                        "%s: %d of %d neurons serve one feature"
                            .formatted(
                                ToyNumbers.title(run),
                                result.monosemantic(run),
                                result.recipe().sweep().neurons()))
                .toList())
        + ".";
  }

  private static Table table(AbsoluteResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (int at = 0; at < result.sweep().best().size(); at++) {
      ToyRun run = result.sweep().best(at);
      AbsoluteValueNeurons neurons = AbsoluteResult.neurons(result.sweep(), run);
      double read = Arrays.stream(run.geometry().neurons().effectiveFeatures()).average().orElse(0);
      rows.add(
          List.of(
              ToyNumbers.p(run.featureProbability()),
              String.format(Locale.ROOT, "%.2g", run.finalLoss()),
              String.valueOf(result.monosemantic(run)),
              String.valueOf(neurons.pairs(AbsoluteResult.MONOSEMANTIC).size()),
              Numbers.two(read),
              String.valueOf(result.motifs(at).size())));
    }
    return new Table(
        "Models over sparsities. Features read per neuron: (Σ w²)² / Σ w⁴ of a row of W₁",
        List.of(
            "p",
            "Loss, sum over features",
            "Neurons of one feature",
            "Features with a pair of their own",
            "Features read per neuron, mean",
            "Asymmetric motifs, all restarts"),
        rows);
  }
}
