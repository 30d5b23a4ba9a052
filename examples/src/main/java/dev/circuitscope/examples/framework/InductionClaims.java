package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.algebra.CompositionScores;
import dev.circuitscope.circuits.algebra.HeadPair;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.report.Numbers;
import java.util.List;
import java.util.Set;

/** What the paper says of induction heads in a model with two layers. */
final class InductionClaims {

  private static final String TWO =
      "A Mathematical Framework for Transformer Circuits (2021), "
          + "Two-Layer Attention-Only Transformers, ";
  private static final String INDUCTION = TWO + "Induction Heads";
  private static final String THEORY = TWO + "Checking the Mechanistic Theory";

  private static final double HALF = 0.5;

  private InductionClaims() {}

  static List<Claim> of(FrameworkResult result) {
    InductionStudy study = result.induction();
    double threshold = result.recipe().measures().inductionHead();
    Head induction = study.induction();
    Head previous = study.previous();
    long seed = result.seed();
    ScoreShares shares = ScoreShares.of(study.terms());
    return List.of(
        new Claim(
            "framework.induction-head",
            INDUCTION,
            "The 2-layer model has induction heads",
            Expectation.above(threshold),
            study.scores().prefixMatching().score(induction),
            seed,
            "attention of %s from repeated random tokens to those that came after earlier copies"
                .formatted(induction)),
        new Claim(
            "framework.previous-token-head",
            INDUCTION,
            "Its first layer has a head that attends to the previous token",
            Expectation.above(threshold),
            study.scores().previousToken().score(previous),
            seed,
            "previous-token score of " + previous + " on the same tokens"),
        composition(result, study.inductionHeads(threshold)),
        new Claim(
            "framework.score-term",
            THEORY,
            "What makes the induction head attend there is K-composition: its own token in the query "
                + "and what the previous-token head moved in the key is the largest term of its scores",
            Expectation.above(0),
            shares.keyComposition(previous) - shares.largestOther(previous),
            seed,
            "share of this term, %s, minus that of the largest other one; with all heads of the first layer in the key, %s"
                .formatted(
                    Numbers.percent(shares.keyComposition(previous)),
                    Numbers.percent(shares.keyComposition()))),
        new Claim(
            "framework.score-share",
            THEORY,
            "K-composition with heads of the first layer is most of what makes it attend there",
            Expectation.above(HALF),
            shares.keyComposition(),
            seed,
            "share of the terms with its own token in the query and what a head moved in the key"),
        new Claim(
            "framework.induction-ov",
            THEORY,
            "The OV circuit of the induction head copies: its eigenvalues are mostly positive",
            Expectation.above(HALF),
            result.composition().eigenvalues().copying(induction),
            seed,
            "sum of the eigenvalues of %s over the sum of their magnitudes".formatted(induction)),
        new Claim(
            "framework.induction-qk",
            THEORY,
            "Its QK circuit through the previous-token head matches: its eigenvalues are mostly positive",
            Expectation.above(HALF),
            result.composition().matching(induction),
            seed,
            "the same for the circuit from the current token to the token that %s moved"
                .formatted(previous)));
  }

  /** The largest score of such pairs against the largest of the others. */
  private static Claim composition(FrameworkResult result, List<Head> inductionHeads) {
    CompositionScores keys = result.composition().keys();
    Head previous = result.induction().previous();
    Set<Head> heads = Set.copyOf(inductionHeads);
    double circuit = Double.NEGATIVE_INFINITY;
    double others = Double.NEGATIVE_INFINITY;
    for (HeadPair pair : keys.ranking()) {
      if (pair.earlier().equals(previous) && heads.contains(pair.later())) {
        circuit = Math.max(circuit, keys.adjusted(pair));
      } else {
        others = Math.max(others, keys.adjusted(pair));
      }
    }
    return new Claim(
        "framework.k-composition",
        TWO + "Composition",
        "The pair of heads with the most K-composition is the previous-token head and an induction head",
        Expectation.above(0),
        heads.isEmpty() ? Double.NaN : circuit - others,
        result.seed(),
        heads.isEmpty()
            ? "there is no induction head"
            : "highest K-composition above random heads of %s with an induction head, %s, minus that of any other pair, %s; the highest of all is of %s"
                .formatted(previous, Numbers.three(circuit), Numbers.three(others), keys.best()));
  }
}
