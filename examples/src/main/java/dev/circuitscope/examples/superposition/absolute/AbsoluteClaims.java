package dev.circuitscope.examples.superposition.absolute;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.superposition.ToyNumbers;
import dev.circuitscope.toymodels.computation.AbsoluteValueNeurons;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.List;

/** What the paper says of models that compute absolute values. */
final class AbsoluteClaims {

  private static final String PAPER =
      "Toy Models of Superposition (2022), Computation in Superposition";
  private static final String MOTIF = PAPER + ", The Asymmetric Superposition Motif";

  /** Where superposition has set in: the features are sparse. */
  private static final double SPARSE = 0.1;

  private static final double PURE = 0.9;

  private AbsoluteClaims() {}

  static List<Claim> of(AbsoluteResult result) {
    ToyRun best = result.pairs().best(0);
    AbsoluteValueNeurons neurons = AbsoluteResult.neurons(result.pairs(), best);
    AbsoluteRecipe.Shape shape = result.recipe().pairs();
    String how = "in the best of %d restarts".formatted(shape.restarts());
    return List.of(
        new Claim(
            "superposition.absolute-loss",
            PAPER,
            "With two neurons for each of %d features a model computes |x|"
                .formatted(shape.features()),
            Expectation.below(1e-4),
            best.finalLoss(),
            result.seed(),
            "loss on held-out samples, summed over features, " + how),
        new Claim(
            "superposition.absolute-pairs",
            PAPER,
            "Each feature has a neuron for its positive and one for its negative values",
            Expectation.equalTo(shape.features(), 0),
            neurons.pairs(PURE).size(),
            result.seed(),
            "features with a pair of neurons of purity %s or more, %s".formatted(PURE, how)),
        new Claim(
            "superposition.absolute-one-feature",
            PAPER,
            "Each of these neurons serves one feature alone",
            Expectation.above(PURE),
            neurons.neurons().stream()
                .mapToDouble(AbsoluteValueNeurons.Neuron::purity)
                .min()
                .orElse(Double.NaN),
            result.seed(),
            "the lowest purity of a neuron, " + how),
        share(result, result.sweep().best(0), "dense", Expectation.above(0.9)),
        share(result, sparsest(result), "sparse", Expectation.below(0.1)),
        motif(result),
        inhibited(result),
        new Claim(
            "superposition.absolute-motif-dense",
            MOTIF,
            "Dense features (%s) are not in asymmetric superposition"
                .formatted(ToyNumbers.title(result.sweep().best(0))),
            Expectation.equalTo(0, 0),
            result.motifs(0).size(),
            result.seed(),
            "asymmetric motifs in all restarts, " + result.recipe().sweep().label()));
  }

  private static ToyRun sparsest(AbsoluteResult result) {
    List<ToyRun> best = result.sweep().best();
    return best.get(best.size() - 1);
  }

  private static Claim share(
      AbsoluteResult result, ToyRun run, String id, Expectation expectation) {
    int neurons = result.recipe().sweep().neurons();
    return new Claim(
        "superposition.absolute-" + id,
        PAPER,
        "With %s features (%s) neurons %s"
            .formatted(
                id,
                ToyNumbers.title(run),
                id.equals("dense") ? "serve one feature each" : "are polysemantic"),
        expectation,
        (double) result.monosemantic(run) / neurons,
        result.seed(),
        "share of %d neurons with a purity above %s, %s"
            .formatted(neurons, AbsoluteResult.MONOSEMANTIC, result.recipe().sweep().label()));
  }

  private static Claim motif(AbsoluteResult result) {
    return new Claim(
        "superposition.absolute-motif",
        MOTIF,
        "Sparse features (p at most %s) are in asymmetric superposition".formatted(SPARSE),
        Expectation.above(0),
        result.motifs().stream().filter(f -> f.run().featureProbability() <= SPARSE).count(),
        result.seed(),
        "asymmetric motifs in all restarts, " + result.recipe().sweep().label());
  }

  private static Claim inhibited(AbsoluteResult result) {
    List<AbsoluteResult.Found> asymmetric =
        result.sweep().runs().stream()
            .flatMap(run -> AbsoluteResult.asymmetric(run).stream())
            .toList();
    return new Claim(
        "superposition.absolute-inhibition",
        MOTIF,
        "Other neurons inhibit the output that such a neuron would disturb most",
        Expectation.above(0.8),
        asymmetric.stream().mapToDouble(f -> f.motif().inhibition()).min().orElse(Double.NaN),
        result.seed(),
        "the least share of the crosstalk that is taken away, over all %d neurons that serve two features asymmetrically, inhibited or not"
            .formatted(asymmetric.size()));
  }
}
