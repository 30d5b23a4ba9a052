package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.examples.report.Block;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AsymmetricMotif;
import dev.circuitscope.toymodels.computation.AsymmetricSuperposition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Neurons that serve two features asymmetrically. */
final class MotifSection {

  private static final int ROWS = 12;

  private MotifSection() {}

  static Section of(AbsoluteResult result) {
    AsymmetricSuperposition.Criteria criteria = AsymmetricSuperposition.Criteria.DEFAULT;
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Prose(
            String.format(
                Locale.ROOT,
                "A neuron can serve two features if it reads one strongly and writes it weakly, and "
                    + "the other way round for the second, W₁ = [2, −1/2], W₂ = [1/2, 2] in the "
                    + "paper: both come out with gain 1, the second disturbs the first by 1/4, and "
                    + "the first would disturb the second by 4 if other neurons did not inhibit that "
                    + "output. A motif counts if both gains |W₁|W₂ are at least %s, reading and "
                    + "writing differ by factors of at least %s, and other neurons take away at "
                    + "least %s of the crosstalk. The %d models of the sweep have %d such motifs, "
                    + "those at %s have %d.",
                criteria.leastGain(),
                Numbers.two(criteria.asymmetry()).replaceFirst("\\.?0+$", ""),
                Numbers.percent(criteria.leastInhibition()),
                result.sweep().runs().size(),
                result.motifs().size(),
                ToyNumbers.title(result.sweep().best(0)),
                result.motifs(0).size())));
    result.clearest().ifPresent(found -> blocks.add(figure(found)));
    if (!result.motifs().isEmpty()) {
      blocks.add(table(result));
    }
    return new Section("Absolute values: asymmetric superposition", blocks);
  }

  private static ReportFigure figure(AbsoluteResult.Found found) {
    AsymmetricMotif motif = found.motif();
    MotifFunction function = MotifFunction.of(found);
    return new ReportFigure(
        "absolute-motif",
        function.figure(),
        String.format(
            Locale.ROOT,
            "One neuron of the model at %s, shared by feature %d (strong: read with %.2f, written "
                + "with %.2f) and feature %d (weak: read with %.2f, written with %.2f). Left, only "
                + "the strong feature is active; without its inhibitors the neuron would raise the "
                + "weak feature's output (dashed). Right, only the weak feature is active.",
            ToyNumbers.title(found.run()),
            motif.strong(),
            function.read(motif.strong()),
            function.written(motif.strong()),
            motif.weak(),
            function.read(motif.weak()),
            function.written(motif.weak())),
        String.format(
            Locale.ROOT,
            "Outputs over x. With the strong feature at its full value the weak one's output is "
                + "%.2f, and %.2f without the inhibitors %s.",
            function.disturbed(true),
            function.disturbed(false),
            motif.inhibitors()));
  }

  private static Table table(AbsoluteResult result) {
    List<AbsoluteResult.Found> clearest =
        result.motifs().stream()
            .sorted(Comparator.comparingDouble(found -> -found.leastGain()))
            .limit(ROWS)
            .toList();
    List<List<String>> rows = new ArrayList<>();
    for (AbsoluteResult.Found found : clearest) {
      AsymmetricMotif motif = found.motif();
      MotifFunction function = MotifFunction.of(found);
      rows.add(
          List.of(
              ToyNumbers.p(found.run().featureProbability()),
              String.valueOf(found.run().restart() + 1),
              String.valueOf(motif.neuron()),
              motif.strong() + ", " + motif.weak(),
              pair(function.read(motif.strong()), function.read(motif.weak())),
              pair(function.written(motif.strong()), function.written(motif.weak())),
              pair(motif.strongGain(), motif.weakGain()),
              Numbers.two(motif.crosstalk()),
              Numbers.percent(motif.inhibition()),
              motif.inhibitors().toString()));
    }
    return new Table(
        rows.size() == result.motifs().size()
            ? "All motifs, those with the larger of the smaller gains first"
            : "The %d motifs whose smaller gain is largest, of %d"
                .formatted(rows.size(), result.motifs().size()),
        List.of(
            "p",
            "Restart",
            "Neuron",
            "Strong and weak feature",
            "W₁",
            "W₂",
            "Gains",
            "Crosstalk",
            "Inhibited",
            "By neurons"),
        rows);
  }

  private static String pair(double strong, double weak) {
    return "%s, %s".formatted(Numbers.two(strong), Numbers.two(weak));
  }
}
