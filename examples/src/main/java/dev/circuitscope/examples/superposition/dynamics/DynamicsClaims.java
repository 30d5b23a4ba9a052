package dev.circuitscope.examples.superposition.dynamics;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.toymodels.dynamics.LearningDynamics;
import java.util.List;
import java.util.Locale;

/** What the paper says of learning dynamics. */
final class DynamicsClaims {

  static final double JUMP = 0.1;

  private static final String PAPER =
      "Toy Models of Superposition (2022), Superposition and Learning Dynamics";

  private DynamicsClaims() {}

  static List<Claim> of(DynamicsResult result) {
    LearningDynamics uniform = result.uniform().dynamics();
    int[] steps = uniform.steps();
    String when =
        "between the first plateau (step %d) and where the loss has settled (step %d)"
            .formatted(steps[uniform.firstPlateau()], steps[uniform.settled()]);
    return List.of(
        new Claim(
            "superposition.dynamics-movement",
            PAPER,
            "Feature dimensionalities change faster while the loss drops than in the rest of the time",
            Expectation.above(1),
            uniform.relativeMovement(),
            result.seed(),
            "ratio of the paces of sum |Dᵢ' - Dᵢ|, "
                + when
                + "; a drop is where the loss falls faster than on average"),
        new Claim(
            "superposition.dynamics-jumps",
            PAPER,
            "Features jump between levels when the loss drops, more often than by chance",
            Expectation.above(1),
            uniform.jumpsInDrops(JUMP) / uniform.timeInDrops(),
            result.seed(),
            String.format(
                Locale.ROOT,
                "%.0f%% of %d features whose Dᵢ changes by more than %s do so fastest in a drop; "
                    + "drops take %.0f%% of the time %s",
                100 * uniform.jumpsInDrops(JUMP),
                uniform.jumps(JUMP).size(),
                JUMP,
                100 * uniform.timeInDrops(),
                when)),
        new Claim(
            "superposition.dynamics-octahedron",
            PAPER,
            "Two correlated sets of three features in three dimensions end as an octahedron: each "
                + "opposite to one of the other set, and at right angles to the rest",
            Expectation.below(0.1),
            Octahedron.deviation(
                result.octahedron().best().geometry(), result.recipe().octahedron().setSize()),
            result.seed(),
            "largest deviation of a cosine from -1 or 0; best of %d restarts"
                .formatted(result.recipe().restarts())));
  }
}
