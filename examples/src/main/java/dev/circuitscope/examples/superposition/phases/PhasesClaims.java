package dev.circuitscope.examples.superposition.phases;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.theory.LastFeature;
import java.util.ArrayList;
import java.util.List;

/** What the paper says of the phase diagrams. */
final class PhasesClaims {

  private static final String PAPER =
      "Toy Models of Superposition (2022), Superposition as a Phase Change";

  private PhasesClaims() {}

  static List<Claim> of(PhasesResult result) {
    List<Claim> claims = new ArrayList<>();
    for (PhaseDiagram diagram : result.diagrams()) {
      claims.addAll(of(diagram, result));
    }
    return claims;
  }

  private static List<Claim> of(PhaseDiagram diagram, PhasesResult result) {
    int n = diagram.features();
    String id = "superposition.phases-n" + n + "-";
    String size = "n = %d, m = %d: ".formatted(n, n - 1);
    String how = "best of %d restarts by exact loss".formatted(result.recipe().restarts());
    int sparsest = diagram.theory().probabilities().size() - 1;
    return List.of(
        new Claim(
            id + "agreement",
            PAPER,
            size + "the trained diagram agrees with the theoretical one away from boundaries",
            Expectation.above(0.9),
            diagram.agreement(),
            result.seed(),
            "share of cells with no neighbour of another theoretical outcome: %d of %d differ; %s"
                .formatted(diagram.wrong(), diagram.inside(), how)),
        new Claim(
            id + "outcomes",
            PAPER,
            size + "training ends in all three: not learned, dedicated dimension and superposition",
            Expectation.equalTo(LastFeature.values().length, 0),
            diagram.outcomes().stream().flatMap(List::stream).distinct().count(),
            result.seed(),
            "different outcomes among all cells; " + how),
        new Claim(
            id + "dense",
            PAPER,
            size + "dense features (p = 1) are never put in superposition",
            Expectation.equalTo(0, 0),
            diagram.superposed(0),
            result.seed(),
            "share of the importances in superposition; " + how),
        new Claim(
            id + "sparse",
            PAPER,
            size
                + "sparse features (p = %s) are, whenever the last is not the more important"
                    .formatted(ToyNumbers.p(diagram.theory().probabilities().get(sparsest))),
            Expectation.above(0.9),
            superposedBelowOne(diagram, sparsest),
            result.seed(),
            "share in superposition of the relative importances below 1; " + how));
  }

  private static double superposedBelowOne(PhaseDiagram diagram, int p) {
    int below = 0;
    int superposed = 0;
    for (int r = 0; r < diagram.theory().importances().size(); r++) {
      if (diagram.theory().importances().get(r) < 1) {
        below++;
        superposed += diagram.cell(p, r).outcome() == LastFeature.SUPERPOSITION ? 1 : 0;
      }
    }
    return (double) superposed / below;
  }
}
