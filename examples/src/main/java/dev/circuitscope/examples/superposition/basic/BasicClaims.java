package dev.circuitscope.examples.superposition.basic;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What the paper says of features that fall in importance, and of equal ones. */
final class BasicClaims {

  private static final String PAPER = "Toy Models of Superposition (2022), ";
  private static final String BASIC = PAPER + "Basic Results";
  private static final String GEOMETRY = PAPER + "The Geometry of Superposition";

  private BasicClaims() {}

  static List<Claim> of(BasicResult result) {
    List<Claim> claims = new ArrayList<>();
    result.ladders().forEach(ladder -> claims.addAll(ladder(ladder, result.seed())));
    claims.addAll(equal(result));
    return claims;
  }

  private static List<Claim> ladder(LadderResult result, long seed) {
    BasicRecipe.Ladder ladder = result.ladder();
    String prefix = "superposition.basic-%d-".formatted(ladder.features());
    ToyRun dense = result.relu().best().get(0);
    ToyRun sparse = LadderResult.at(result.relu().best(), 0.01);
    int disordered =
        (int) result.linear().best().stream().filter(run -> result.outOfOrder(run) > 0).count();
    return List.of(
        new Claim(
            prefix + "linear",
            BASIC,
            "The linear model (%s) keeps exactly the %d most important features at every sparsity"
                .formatted(ladder.label(), ladder.hidden()),
            Expectation.equalTo(0, 0),
            disordered,
            seed,
            "sparsities at which it does not, of " + ladder.probabilities().size()),
        new Claim(
            prefix + "dense",
            BASIC,
            "With dense features (p = %s) so does the model with a ReLU (%s)"
                .formatted(ToyNumbers.p(dense.featureProbability()), ladder.label()),
            Expectation.equalTo(0, 0),
            result.outOfOrder(dense),
            seed,
            "features kept or not kept against the order of importance"),
        new Claim(
            prefix + "sparse",
            BASIC,
            "With sparse features (p = %s) it stores more than twice as much as its dimensions hold without interference (%s)"
                .formatted(ToyNumbers.p(sparse.featureProbability()), ladder.label()),
            Expectation.above(2.2 * ladder.hidden()),
            sparse.geometry().squaredNorm(),
            seed,
            "‖W‖², which is m without superposition"));
  }

  private static List<Claim> equal(BasicResult result) {
    ToyRun dense = result.equalDense();
    ToyRun sparse = result.equalSparse();
    String exact =
        String.format(
            Locale.ROOT,
            "exact loss %.6f, against %.6f of two kept features and biases of 1/2",
            result.equalDenseLoss(),
            result.dedicatedLoss());
    List<Claim> claims = new ArrayList<>();
    claims.add(
        new Claim(
            "superposition.basic-equal-dense-norm",
            GEOMETRY,
            "Five equally important dense features fill two dimensions: ‖W‖² = 2",
            Expectation.equalTo(2, 0.05),
            dense.geometry().squaredNorm(),
            result.seed(),
            exact));
    claims.addAll(
        twoKept("equal", "equally important dense features", dense, result.seed(), exact));
    ToyRun falling = result.falling().best(0);
    claims.addAll(
        twoKept(
            "falling",
            "dense features whose importance falls as %s^i"
                .formatted(result.recipe().falling().importanceRatio()),
            falling,
            result.seed(),
            "best of " + result.falling().config().restarts()));
    claims.add(
        new Claim(
            "superposition.basic-equal-sparse",
            GEOMETRY,
            "When sparse (p = %s), all five form a pentagon: every dimensionality is 2/5"
                .formatted(ToyNumbers.p(sparse.featureProbability())),
            Expectation.equalTo(0.4, 0.02),
            ToyNumbers.furthest(sparse.geometry().dimensionality(), 0.4),
            result.seed(),
            "the Dᵢ furthest from 0.4"));
    return claims;
  }

  private static List<Claim> twoKept(String id, String which, ToyRun run, long seed, String note) {
    return List.of(
        new Claim(
            "superposition.basic-" + id + "-dense-features",
            GEOMETRY,
            "Of five %s two are kept, and nothing of the others".formatted(which),
            Expectation.equalTo(0, 0.05),
            strongestLeftOut(run.geometry()),
            seed,
            "the third longest column of W; " + note),
        new Claim(
            "superposition.basic-" + id + "-dense-bias",
            GEOMETRY,
            "Of five %s, three get their mean as a bias, 1/2".formatted(which),
            Expectation.equalTo(0.5, 0.03),
            ToyNumbers.furthest(leftOutBiases(run), 0.5),
            seed,
            "the bias furthest from 1/2, of the three shortest columns; " + note));
  }

  private static double strongestLeftOut(Geometry geometry) {
    double[] norms = geometry.norms();
    Arrays.sort(norms);
    return norms[norms.length - geometry.hidden() - 1];
  }

  private static double[] leftOutBiases(ToyRun run) {
    double[] norms = run.geometry().norms();
    double cut = strongestLeftOut(run.geometry());
    double[] bias = ToyNumbers.doubles(run.model().bias());
    return IntStream.range(0, norms.length)
        .filter(i -> norms[i] <= cut)
        .mapToDouble(i -> bias[i])
        .toArray();
  }
}
