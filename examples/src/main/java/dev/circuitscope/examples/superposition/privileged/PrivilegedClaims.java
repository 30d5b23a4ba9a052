package dev.circuitscope.examples.superposition.privileged;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.superposition.ToyNumbers;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;

/** What the paper says of neurons. */
final class PrivilegedClaims {

  private static final String PAPER =
      "Toy Models of Superposition (2022), Superposition in a Privileged Basis";
  private static final String COUNT =
      "neurons of fewer than %s effective features, (Σ w²)² / Σ w⁴ over the positive weights of a row of W, in the best of %d restarts";

  private PrivilegedClaims() {}

  static List<Claim> of(PrivilegedResult result) {
    int neurons = result.recipe().neurons();
    String how = COUNT.formatted(PrivilegedResult.MONOSEMANTIC, result.recipe().restarts());
    return List.of(
        new Claim(
            "superposition.privileged-dense",
            PAPER,
            "With dense features (%s) each neuron holds one feature"
                .formatted(ToyNumbers.title(result.densest())),
            Expectation.equalTo(neurons, 0),
            PrivilegedResult.monosemantic(result.densest()),
            result.seed(),
            how),
        new Claim(
            "superposition.privileged-important",
            PAPER,
            "They are the %d most important features".formatted(neurons),
            Expectation.equalTo(neurons, 0),
            Arrays.stream(result.densest().geometry().neurons().dominant())
                .filter(feature -> feature >= 0 && feature < neurons)
                .distinct()
                .count(),
            result.seed(),
            "of these, how many have the largest weight of a neuron"),
        new Claim(
            "superposition.privileged-sparse",
            PAPER,
            "With sparse features (%s) all neurons are polysemantic"
                .formatted(ToyNumbers.title(result.sparsest())),
            Expectation.equalTo(0, 0),
            PrivilegedResult.monosemantic(result.sparsest()),
            result.seed(),
            how),
        new Claim(
            "superposition.privileged-rises",
            PAPER,
            "The sparser the features, the more neurons are polysemantic",
            Expectation.above(0.7),
            new SpearmansCorrelation()
                .correlation(
                    result.sparsity(),
                    result.best().stream()
                        .mapToDouble(run -> neurons - PrivilegedResult.monosemantic(run))
                        .toArray()),
            result.seed(),
            "rank correlation of 1/p with the number of other neurons than these, %d sparsities"
                .formatted(result.best().size())));
  }
}
