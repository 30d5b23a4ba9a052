package dev.circuitscope.examples.superposition;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import java.util.List;
import java.util.Locale;

/** What the paper says of five features in two dimensions. */
final class SuperpositionClaims {

  private static final String PAPER = "Toy Models of Superposition (2022), ";
  private static final String BASIC = PAPER + "introduction and Basic Results";
  private static final String GEOMETRY = PAPER + "The Geometry of Superposition";

  private SuperpositionClaims() {}

  static List<Claim> of(SuperpositionResult result) {
    long seed = result.results().config().seed();
    int[] kept = result.kept();
    String how =
        "features whose column of W is longer than 0.5, in the best of %d restarts"
            .formatted(result.recipe().restarts());
    return List.of(
        new Claim(
            "superposition.dense",
            BASIC,
            "With dense features (p = %s) the toy model keeps exactly as many as it has dimensions"
                .formatted(ToyNumbers.p(result.densest().featureProbability())),
            Expectation.equalTo(result.recipe().hidden(), 0),
            kept[0],
            seed,
            how),
        new Claim(
            "superposition.pentagon",
            GEOMETRY,
            "With sparse features (p = %s) it arranges all five as a pentagon: every dimensionality is 2/5"
                .formatted(ToyNumbers.p(result.sparsest().featureProbability())),
            Expectation.equalTo(0.4, 0.02),
            ToyNumbers.furthest(result.sparsest().geometry().dimensionality(), 0.4),
            seed,
            "the Dᵢ that is furthest from 0.4"),
        new Claim(
            "superposition.grows",
            BASIC,
            "The sparser the features, the more of them are represented: the number never falls",
            Expectation.equalTo(0, 0),
            falls(kept),
            seed,
            "falls from one p to the next smaller one; represented at each: " + text(kept)),
        new Claim(
            "superposition.more",
            BASIC,
            "The sparsest model represents more features than the densest",
            Expectation.above(0),
            kept[kept.length - 1] - kept[0],
            seed,
            "difference of the two numbers; " + how));
  }

  private static int falls(int[] kept) {
    int falls = 0;
    for (int i = 1; i < kept.length; i++) {
      falls += kept[i] < kept[i - 1] ? 1 : 0;
    }
    return falls;
  }

  private static String text(int[] kept) {
    StringBuilder text = new StringBuilder();
    for (int k : kept) {
      text.append(String.format(Locale.ROOT, text.isEmpty() ? "%d" : ", %d", k));
    }
    return text.toString();
  }
}
