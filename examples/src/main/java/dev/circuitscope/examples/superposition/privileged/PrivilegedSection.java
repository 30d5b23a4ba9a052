package dev.circuitscope.examples.superposition.privileged;

import dev.circuitscope.core.plot.LinePlot;
import dev.circuitscope.core.plot.NeuronBars;
import dev.circuitscope.core.plot.Series;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Stacks of what each neuron holds, and how much that is. */
final class PrivilegedSection {

  private static final int PER_ROW = 4;

  private PrivilegedSection() {}

  static Section of(PrivilegedResult result) {
    PrivilegedRecipe recipe = result.recipe();
    return new Section(
        "Superposition in a privileged basis",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "With h = ReLU(Wx) the hidden units are neurons, and directions along them are "
                        + "special. %d features of importance %s^i are stored in %d neurons, at each "
                        + "p by %d models, of which the one with the lowest held-out loss is shown. A "
                        + "neuron counts as monosemantic if it has fewer than %s effective features, "
                        + "(Σ w²)² / Σ w⁴ over the positive weights of its row of W; a negative weight "
                        + "keeps it silent.",
                    recipe.features(),
                    recipe.importanceRatio(),
                    recipe.neurons(),
                    recipe.restarts(),
                    PrivilegedResult.MONOSEMANTIC)),
            bars(result),
            perNeuron(result)));
  }

  private static ReportFigure bars(PrivilegedResult result) {
    NeuronBars plot =
        new NeuronBars("What each neuron holds: positive weights")
            .kinds("monosemantic", "polysemantic")
            .y("weight")
            .columns(PER_ROW);
    for (ToyRun run : result.best()) {
      plot.panel(
          ToyNumbers.title(run), PrivilegedResult.positive(run), PrivilegedResult.kinds(run));
    }
    return new ReportFigure(
        "privileged-neurons",
        plot.figure(),
        "A bar for each neuron, a segment for each feature that makes it fire, as long as its "
            + "weight and with its number where there is room.",
        String.join(
                ", ",
                result.best().stream()
                    .map(
                        run ->
                            "%s: %d monosemantic"
                                .formatted(
                                    ToyNumbers.title(run), PrivilegedResult.monosemantic(run)))
                    .toList())
            + ".");
  }

  private static ReportFigure perNeuron(PrivilegedResult result) {
    double[] least = new double[result.best().size()];
    double[] most = new double[least.length];
    for (int at = 0; at < least.length; at++) {
      double[] each = PrivilegedResult.features(result.best().get(at));
      least[at] = Arrays.stream(each).min().orElse(0);
      most[at] = Arrays.stream(each).max().orElse(0);
    }
    double[] mean = result.featuresPerNeuron();
    return new ReportFigure(
        "privileged-features",
        new LinePlot("Features per neuron")
            .x("1/(1 − S) = 1/p")
            .logX()
            .y("effective features of a neuron")
            .add(
                Series.of("mean", result.sparsity(), mean).withMarkers(),
                Series.of("most", result.sparsity(), most).withDashes(),
                Series.of("fewest", result.sparsity(), least).withDashes())
            .horizontal("below: monosemantic", PrivilegedResult.MONOSEMANTIC)
            .figure(),
        "How many features a neuron holds, from dense to sparse: the mean over neurons, and the "
            + "neurons that hold most and fewest.",
        "The mean goes from %s to %s."
            .formatted(Numbers.two(mean[0]), Numbers.two(mean[mean.length - 1])));
  }
}
