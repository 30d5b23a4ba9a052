package dev.circuitscope.examples.framework;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.plot.AttentionPlot;
import dev.circuitscope.core.plot.ComplexPlane;
import dev.circuitscope.core.plot.Figure;
import dev.circuitscope.core.plot.HeatMap;
import dev.circuitscope.core.plot.ScatterPlot;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is shown of the induction heads of the model with two layers. */
final class InductionSection {

  private InductionSection() {}

  static Section of(FrameworkResult result) {
    InductionStudy study = result.induction();
    return new Section(
        "Two layers: how an induction head works",
        List.of(
            new Prose(
                ("An induction head attends to tokens that came after earlier copies of the current "
                        + "one, and copies them. Here %s does, and %s of the first layer, which moves "
                        + "to each token the one before it, lets its keys know what came before.")
                    .formatted(study.induction(), study.previous())),
            patterns(result),
            terms(study),
            eigenvalues(result),
            circuits(result)));
  }

  private static ReportFigure patterns(FrameworkResult result) {
    InductionStudy study = result.induction();
    FrameworkRecipe.Measures measures = result.recipe().measures();
    Figure weighted =
        new AttentionPlot(study.tokens())
            .title(study.induction() + ": induction head, weighted by what it writes")
            .meaning("attention times " + study.weighted().norm().label())
            .upTo(study.weighted().largest())
            .head("", study.weighted().values())
            .figure();
    return new ReportFigure(
        "framework-induction-patterns",
        Figure.grid(
            1,
            pattern(study, study.previous() + ": previous-token head", study.previousPattern()),
            pattern(study, study.induction() + ": induction head", study.pattern()),
            weighted),
        ("A start token, then %d random tokens %d times. The induction head attends to the tokens "
                + "that came after earlier copies of each row's token. Where there is none yet it has to "
                + "attend somewhere; the last picture shows how much it writes from there. From the "
                + "start token it writes %s times as much as from another token on average.")
            .formatted(measures.block(), measures.times(), Numbers.two(study.startTokenWeight())),
        "Attention patterns of %s and %s over %d tokens."
            .formatted(study.previous(), study.induction(), study.tokens().size()));
  }

  private static Figure pattern(InductionStudy study, String title, double[][] pattern) {
    return new AttentionPlot(study.tokens()).title(title).head("", pattern).figure();
  }

  private static ReportFigure terms(InductionStudy study) {
    ScoreShares shares = ScoreShares.of(study.terms());
    double largest =
        Arrays.stream(shares.preferences())
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElse(1);
    return new ReportFigure(
        "framework-induction-terms",
        HeatMap.of(shares.preferences())
            .title("What makes %s attend to what came next before".formatted(study.induction()))
            .rows("in its queries", shares.parts())
            .columns("in its keys", shares.parts())
            .meaning("attention score at the tokens to attend to, above the mean of the row")
            .signed(largest == 0 ? 1 : largest)
            .figure(),
        "The attention score is a sum over what the query and what the key are made of: the token, "
            + "the position, biases, and what each head of the first layer wrote. K-composition is the "
            + "row of the token: its own token in the query, what a head moved there in the key.",
        "Heat map of terms, which sum to %s. The token in the query with %s in the key makes up %s, with all heads in the key %s."
            .formatted(
                Numbers.two(shares.total()),
                study.previous(),
                Numbers.percent(shares.keyComposition(study.previous())),
                Numbers.percent(shares.keyComposition())));
  }

  private static ReportFigure eigenvalues(FrameworkResult result) {
    CompositionStudy study = result.composition();
    Head induction = result.induction().induction();
    var ov = study.eigenvalues().ov().get(study.eigenvalues().heads().indexOf(induction));
    var qk = study.matching().get(induction.head());
    return new ReportFigure(
        "framework-induction-eigenvalues",
        new ComplexPlane("The two circuits of the induction head " + induction)
            .panel("OV  " + Numbers.two(ov.positivity()), ov.real(), ov.imaginary())
            .panel(
                "QK through %s  %s".formatted(study.previous(), Numbers.two(qk.positivity())),
                qk.real(),
                qk.imaginary())
            .logRadius(4)
            .columns(2)
            .figure(),
        "Left, the circuit from an attended token to the logits: positive, it copies. Right, the "
            + "circuit from the current token to the token before the one attended to: positive, it "
            + "looks for places that come after copies of its own token. Together they are induction.",
        "Eigenvalues in the complex plane. Sum over sum of magnitudes: OV %s, QK %s."
            .formatted(Numbers.two(ov.positivity()), Numbers.two(qk.positivity())));
  }

  private static ReportFigure circuits(FrameworkResult result) {
    CompositionStudy study = result.composition();
    double[][] matching = result.induction().scores().prefixMatching().values();
    List<Head> later =
        IntStream.range(0, study.matching().size()).mapToObj(h -> new Head(1, h)).toList();
    double threshold = result.recipe().measures().inductionHead();
    ScatterPlot plot =
        new ScatterPlot("What the heads of the second layer look for and copy")
            .x("QK through %s: sum of eigenvalues / of magnitudes".formatted(study.previous()))
            .y("OV: sum of eigenvalues / of magnitudes")
            .xRange(-1.05, 1.05)
            .yRange(-1.05, 1.05);
    group(plot, "induction heads", study, heads(later, h -> matching[1][h.head()] >= threshold));
    group(plot, "other heads", study, heads(later, h -> matching[1][h.head()] < threshold));
    double below = 1 - study.eigenvalues().level();
    plot.horizontal(
        Numbers.percent(below) + " of random OV circuits are lower",
        study.eigenvalues().ovChance().quantile(below));
    plot.vertical(
        Numbers.percent(below) + " of random QK circuits",
        study.eigenvalues().qkChance().quantile(below));
    return new ReportFigure(
        "framework-induction-circuits",
        plot.figure(),
        "Heads that both look for places after copies of the current token and copy what they find "
            + "there stand in the upper right corner. They are told by weights alone; the colour is by "
            + "what they attend to on repeated random tokens. Random circuits are those of single heads.",
        "Scatter plot of the heads of the second layer: "
            + String.join(
                ", ",
                later.stream()
                    .map(
                        h ->
                            "%s (%s, %s)"
                                .formatted(
                                    h,
                                    Numbers.two(study.matching(h)),
                                    Numbers.two(study.eigenvalues().copying(h))))
                    .toList())
            + ".");
  }

  private static List<Head> heads(List<Head> all, Predicate<Head> which) {
    return all.stream().filter(which).toList();
  }

  private static void group(
      ScatterPlot plot, String name, CompositionStudy study, List<Head> heads) {
    if (heads.isEmpty()) {
      return;
    }
    plot.points(
        name,
        heads.stream().mapToDouble(study::matching).toArray(),
        heads.stream().mapToDouble(study.eigenvalues()::copying).toArray());
    // Heads at the same place share a label.
    Map<List<String>, List<Head>> places = new LinkedHashMap<>();
    for (Head head : heads) {
      List<String> place =
          List.of(
              Numbers.two(study.matching(head)), Numbers.two(study.eigenvalues().copying(head)));
      places.computeIfAbsent(place, key -> new ArrayList<>()).add(head);
    }
    for (List<Head> together : places.values()) {
      Head head = together.get(0);
      plot.label(
          together.stream().map(Head::toString).collect(Collectors.joining(", ")),
          study.matching(head),
          study.eigenvalues().copying(head));
    }
  }
}
