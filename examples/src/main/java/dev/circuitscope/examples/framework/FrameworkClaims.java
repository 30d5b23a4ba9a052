package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.ngrams.SkipTrigramBug;
import dev.circuitscope.circuits.paths.ImportanceStep;
import dev.circuitscope.circuits.paths.TermImportance;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the paper says of models with no, one and two layers. */
final class FrameworkClaims {

  private static final String PAPER = "A Mathematical Framework for Transformer Circuits (2021), ";
  private static final String ZERO = PAPER + "Zero-Layer Transformers";
  private static final String ONE = PAPER + "One-Layer Attention-Only Transformers, ";
  private static final String TERMS = PAPER + "Term Importance Analysis";

  private static final double NEAR = 0.1;
  private static final double MOST = 0.5;
  private static final double VIRTUAL_AT_MOST = 0.15;

  private FrameworkClaims() {}

  static List<Claim> of(FrameworkResult result) {
    List<Claim> claims = new ArrayList<>();
    claims.add(bigrams(result));
    claims.add(copying(result));
    claims.add(bug(result));
    claims.addAll(InductionClaims.of(result));
    claims.addAll(terms(result));
    return List.copyOf(claims);
  }

  private static Claim bigrams(FrameworkResult result) {
    var bigrams = result.bigrams().comparison();
    return new Claim(
        "framework.bigrams",
        ZERO,
        "A model without layers learns bigrams: its loss on held-out text is near theirs",
        Expectation.below(NEAR),
        bigrams.modelLoss() - bigrams.bigramLoss(),
        result.seed(),
        "its loss, %s nats a token, minus that of the smoothed bigrams of the training text, %s"
            .formatted(Numbers.three(bigrams.modelLoss()), Numbers.three(bigrams.bigramLoss())));
  }

  private static Claim copying(FrameworkResult result) {
    HeadEigenvalues values = result.copying().eigenvalues();
    int copying = values.copyingHeads().size();
    return new Claim(
        "framework.copying",
        ONE + "Detecting Copying Behavior",
        "Most heads of the 1-layer model copy (10 of 12 in the paper)",
        Expectation.above(MOST),
        (double) copying / values.heads().size(),
        result.seed(),
        "share of heads, %d of %d, whose OV circuit has more positive eigenvalues than %s of random ones"
            .formatted(copying, values.heads().size(), Numbers.percent(1 - values.level())));
  }

  private static Claim bug(FrameworkResult result) {
    Optional<SkipTrigramBug> bug = result.copying().bug();
    return new Claim(
        "framework.skip-trigram-bug",
        ONE + "Skip-Trigram \"Bugs\"",
        "Two skip-trigrams of the text with one source make the 1-layer model raise two more that the "
            + "text does not have",
        Expectation.above(0),
        bug.map(SkipTrigramBug::clearness).orElse(Double.NaN),
        result.seed(),
        bug.map(
                b ->
                    "logits by which the weakest of the four is raised: %s makes %s, for one"
                        .formatted(b.first().text(b.names()), b.firstCross().text(b.names())))
            .orElse("no such pair was found"));
  }

  /** What heads of the first and of the second layer take off the loss of the direct path. */
  private static double[] layers(TermImportance terms) {
    List<ImportanceStep> steps = terms.steps(1);
    return new double[] {
      steps.get(0).reduction().mean(), steps.get(steps.size() - 1).reduction().mean()
    };
  }

  private static List<Claim> terms(FrameworkResult result) {
    TermImportance terms = result.terms().likeTraining();
    double[] layers = layers(terms);
    double[] onText = layers(result.terms().text());
    return List.of(
        new Claim(
            "framework.orders",
            TERMS,
            "Single heads take loss off the direct path, and virtual heads off both",
            Expectation.above(0),
            Math.min(terms.reduction(1).mean(), terms.reduction(2).mean()),
            result.seed(),
            "the smaller of the two reductions in nats a token: losses %s, %s, %s"
                .formatted(
                    Numbers.three(terms.loss(0).mean()),
                    Numbers.three(terms.loss(1).mean()),
                    Numbers.three(terms.loss(2).mean()))),
        new Claim(
            "framework.virtual-heads",
            TERMS,
            "Virtual heads gain little beside single heads (0.3 of 5.2 nats in the paper)",
            Expectation.below(VIRTUAL_AT_MOST),
            result.terms().virtualShare(),
            result.seed(),
            "what all virtual heads take off the loss, as a share of what all single heads do"),
        new Claim(
            "framework.second-layer",
            TERMS,
            "On top of the direct path, heads of the second layer gain more than those of the first "
                + "(4.0 and 1.3 nats in the paper)",
            Expectation.above(0),
            layers[1] - layers[0],
            result.seed(),
            "%s nats a token by the second layer minus %s by the first, on held-out windows like those it was trained on; on text alone %s and %s"
                .formatted(
                    Numbers.three(layers[1]),
                    Numbers.three(layers[0]),
                    Numbers.three(onText[1]),
                    Numbers.three(onText[0]))));
  }
}
