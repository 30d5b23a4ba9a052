package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.algebra.CompositionScores;
import dev.circuitscope.circuits.algebra.HeadPair;
import dev.circuitscope.circuits.ngrams.SkipTrigramBug;
import dev.circuitscope.circuits.paths.TermImportance;
import dev.circuitscope.examples.report.Numbers;
import java.util.ArrayList;
import java.util.List;

/** What was found about circuits, in plain words. */
final class FrameworkFindings {

  private FrameworkFindings() {}

  static List<String> of(FrameworkResult result) {
    List<String> findings = new ArrayList<>();
    findings.add(bigrams(result));
    findings.add(copying(result));
    result.copying().bug().ifPresent(bug -> findings.add(bug(bug)));
    findings.add(induction(result));
    findings.add(composition(result));
    findings.add(scores(result));
    findings.add(terms(result));
    return List.copyOf(findings);
  }

  private static String bigrams(FrameworkResult result) {
    var bigrams = result.bigrams().comparison();
    return "The model without layers reaches a loss of %s nats a token on held-out text; bigrams counted in its training text reach %s."
        .formatted(Numbers.two(bigrams.modelLoss()), Numbers.two(bigrams.bigramLoss()));
  }

  private static String copying(FrameworkResult result) {
    HeadEigenvalues values = result.copying().eigenvalues();
    int matching = values.matchingHeads().size();
    return "%d of the %d heads of the 1-layer model copy beyond chance; %d %s a QK circuit that matches tokens with their copies beyond chance."
        .formatted(
            values.copyingHeads().size(),
            values.heads().size(),
            matching,
            matching == 1 ? "has" : "have");
  }

  private static String bug(SkipTrigramBug bug) {
    return "The 1-layer model raises %s and %s, which its text has, and with them %s and %s, which it does not."
        .formatted(
            bug.first().text(bug.names()),
            bug.second().text(bug.names()),
            bug.firstCross().text(bug.names()),
            bug.secondCross().text(bug.names()));
  }

  private static String induction(FrameworkResult result) {
    InductionStudy study = result.induction();
    int heads = study.inductionHeads(result.recipe().measures().inductionHead()).size();
    return "The 2-layer model has %d induction %s; the strongest, %s, puts %s of its attention on tokens that came after earlier copies of the current one. %s of the first layer puts %s on the previous token."
        .formatted(
            heads,
            heads == 1 ? "head" : "heads",
            study.induction(),
            Numbers.percent(study.scores().prefixMatching().score(study.induction())),
            study.previous(),
            Numbers.percent(study.scores().previousToken().score(study.previous())));
  }

  private static String composition(FrameworkResult result) {
    CompositionScores keys = result.composition().keys();
    HeadPair best = keys.best();
    return "The strongest K-composition of its heads is %s, with a score %s above that of random heads (%.0f of their standard deviations)."
        .formatted(best, Numbers.two(keys.adjusted(best)), keys.baseline().zScore(keys.raw(best)));
  }

  private static String scores(FrameworkResult result) {
    InductionStudy study = result.induction();
    ScoreShares shares = ScoreShares.of(study.terms());
    return "Of what makes %s attend there, %s is its own token in the query and what %s moved in the key; with all heads of the first layer in the key it is %s."
        .formatted(
            study.induction(),
            Numbers.percent(shares.keyComposition(study.previous())),
            study.previous(),
            Numbers.percent(shares.keyComposition()));
  }

  private static String terms(FrameworkResult result) {
    TermImportance terms = result.terms().likeTraining();
    return "On held-out windows like those it was trained on, the direct path takes %s nats a token off a uniform prediction, single heads %s more and virtual heads %s."
        .formatted(
            Numbers.two(terms.reduction(0).mean()),
            Numbers.two(terms.reduction(1).mean()),
            Numbers.two(terms.reduction(2).mean()));
  }
}
