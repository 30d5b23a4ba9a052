package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.core.plot.NeuronBars;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AbsoluteValueNeurons;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;
import java.util.Locale;

/** Two neurons for each feature: one for each sign. */
final class PairSection {

  private PairSection() {}

  static Section of(AbsoluteResult result) {
    ToyRun best = result.pairs().best(0);
    AbsoluteValueNeurons neurons = AbsoluteResult.neurons(result.pairs(), best);
    AbsoluteRecipe.Shape shape = result.recipe().pairs();
    return new Section(
        "Absolute values: a pair of neurons for each feature",
        List.of(
            new Prose(
                String.format(
                    Locale.ROOT,
                    "A model of two layers, y′ = ReLU(W₂ReLU(W₁x) + b), learns y = |x| of features "
                        + "that are uniform on [−1, 1] with probability p and else 0. With %d "
                        + "features and %d neurons there is room for |x| = ReLU(x) + ReLU(−x). The "
                        + "best of %d models at %s has a loss of %.2g, the sum over features; %d of "
                        + "its features have a positive and a negative neuron of their own.",
                    shape.features(),
                    shape.neurons(),
                    shape.restarts(),
                    ToyNumbers.title(best),
                    best.finalLoss(),
                    neurons.pairs(AbsoluteResult.MONOSEMANTIC).size())),
            weights(best, neurons)));
  }

  private static ReportFigure weights(ToyRun run, AbsoluteValueNeurons neurons) {
    NeuronOrder order = NeuronOrder.of(run);
    return new ReportFigure(
        "absolute-pairs",
        new NeuronBars("What each neuron reads and writes")
            .kinds("serves one feature", "serves several")
            .y("weight")
            .panel("W₁, read", order.reading(), order.kinds(neurons))
            .panel("W₂, written", order.writing(), order.kinds(neurons))
            .columns(2)
            .figure(),
        "A bar for each neuron, a segment for each feature, which it bears the number of. A neuron "
            + "with one segment reads one feature, upwards if it fires for positive x, and writes to "
            + "that feature's output.",
        "Neurons of the model with the lowest loss. Purities: %s."
            .formatted(
                String.join(
                    ", ", neurons.neurons().stream().map(n -> Numbers.two(n.purity())).toList())));
  }
}
