package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.ngrams.BigramComparison;
import dev.circuitscope.circuits.ngrams.TokenValue;
import dev.circuitscope.core.plot.ScatterPlot;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What is shown of the model without layers. */
final class ZeroLayerSection {

  private ZeroLayerSection() {}

  static Section of(FrameworkResult result) {
    BigramComparison bigrams = result.bigrams().comparison();
    return new Section(
        "Zero layers: bigrams",
        List.of(
            new Prose(
                "A transformer without layers reads a token and predicts the next one from it alone: "
                    + "its logits are W_E W_U, and the best it can do is to learn which token follows "
                    + "which. The table W_E W_U has rank %d at most, one for each dimension of the "
                        .formatted(result.recipe().shape().dModel())
                    + "residual stream, so it has to compress the bigrams of %s tokens."
                        .formatted(Numbers.count(result.tokenizer().vocabSize()))),
            losses(bigrams),
            figure(result.bigrams()),
            continuations(bigrams, result.recipe().measures().rows())));
  }

  private static Table losses(BigramComparison bigrams) {
    return new Table(
        "Loss on held-out text",
        List.of("Prediction", "Nats a token"),
        List.of(
            List.of("The model without layers", Numbers.three(bigrams.modelLoss())),
            List.of(
                "Smoothed bigrams of the text it was trained on",
                Numbers.three(bigrams.bigramLoss())),
            List.of(
                "Bigrams of the held-out text itself, which no bigrams can beat",
                Numbers.three(bigrams.heldOutEntropy()))));
  }

  private static ReportFigure figure(ZeroLayerStudy study) {
    return new ReportFigure(
        "framework-bigrams",
        new ScatterPlot("The most frequent pairs of tokens, in the text and in the model")
            .x("how often the second follows the first in the text")
            .y("probability that the model gives it")
            .logX()
            .logY()
            .points("pair of tokens", study.textProbability(), study.modelProbability())
            .diagonal("equal")
            .figure(),
        "Each point is a pair of tokens. On the dashed line the model without layers has learned "
            + "exactly how often the second follows the first.",
        "Scatter plot of %s pairs; the mean divergence of the model from the text is %s nats a token."
            .formatted(
                Numbers.count(study.textProbability().length),
                Numbers.three(study.comparison().divergence())));
  }

  private static Table continuations(BigramComparison bigrams, int most) {
    List<List<String>> rows = new ArrayList<>();
    bigrams.rows().stream()
        .limit(most)
        .forEach(
            row ->
                rows.add(
                    List.of(
                        bigrams.names().name(row.token()),
                        list(bigrams, row.text()),
                        list(bigrams, row.model()),
                        Numbers.three(row.divergence()))));
    return new Table(
        "What follows the most frequent tokens",
        List.of("Token", "In the text", "By the model", "Divergence (nats)"),
        rows);
  }

  private static String list(BigramComparison bigrams, List<TokenValue> values) {
    return values.stream()
        .map(v -> bigrams.names().name(v.token()) + " " + Numbers.two(v.value()))
        .collect(Collectors.joining(", "));
  }
}
