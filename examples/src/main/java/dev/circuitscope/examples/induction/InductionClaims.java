package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import java.util.List;
import java.util.Optional;

/** What the papers say of models with one and with two layers. */
final class InductionClaims {

  private static final String FRAMEWORK =
      "A Mathematical Framework for Transformer Circuits (2021), Two-Layer Attention-Only Transformers";
  private static final String IN_CONTEXT = "In-context Learning and Induction Heads (2022), ";
  private static final String ARGUMENT_1 = IN_CONTEXT + "Argument 1";

  private static final double ONE_LAYER_AT_MOST = 0.15;
  private static final double PREVIOUS_TOKEN = 0.4;
  private static final double COPIES = 2;
  private static final double IN_CONTEXT_GAIN = 0.05;

  private InductionClaims() {}

  static List<Claim> of(InductionResult result) {
    ModelRun one = result.oneLayer();
    ModelRun two = result.twoLayers();
    long seed = result.seed();
    double threshold = result.recipe().measures().inductionHead();
    Head previous = two.previousTokenHead();
    return List.of(
        new Claim(
            "induction.two-layers",
            FRAMEWORK,
            "A 2-layer attention-only model forms induction heads",
            Expectation.above(threshold),
            two.bestInduction(),
            seed,
            "induction score of its best head, " + two.bestHead() + ", on repeated random tokens"),
        new Claim(
            "induction.one-layer",
            FRAMEWORK,
            "A 1-layer attention-only model forms no induction heads",
            Expectation.below(ONE_LAYER_AT_MOST),
            one.bestInduction(),
            seed,
            "induction score of its best head, " + one.bestHead() + ", on the same tokens"),
        new Claim(
            "induction.previous-token",
            FRAMEWORK,
            "The 2-layer model has a previous-token head in its first layer",
            Expectation.above(PREVIOUS_TOKEN),
            two.last().heads().previousToken().score(previous),
            seed,
            "previous-token score of " + previous + " on repeated random tokens"),
        phase(two, seed),
        inContext(one, two, seed),
        new Claim(
            "induction.copy-two-layers",
            FRAMEWORK,
            "The 2-layer model predicts random tokens when they come again",
            Expectation.above(COPIES),
            two.last().copyLoss().drop().mean(),
            seed,
            "loss on the first copy minus loss on the second, in nats"),
        new Claim(
            "induction.copy-one-layer",
            FRAMEWORK,
            "The 1-layer model predicts them much less well: it has no such circuit",
            Expectation.below(0.5),
            one.last().copyLoss().drop().mean() / two.last().copyLoss().drop().mean(),
            seed,
            "its drop in loss from the first to the second copy, as a share of the 2-layer model's"));
  }

  /** Lines fitted to the score in the window of the induction score's rise, and as long before. */
  private static Claim phase(ModelRun two, long seed) {
    Optional<PhaseChange> rise = two.timeline().inductionChange();
    return new Claim(
        "induction.phase-change",
        ARGUMENT_1,
        "In-context learning of the 2-layer model steepens in the same snapshots in which its "
            + "induction heads form",
        Expectation.above(IN_CONTEXT_GAIN),
        rise.map(
                c ->
                    InContextGain.fitted(two.timeline(), 2 * c.start() - c.end(), c.start())
                        - InContextGain.fitted(two.timeline(), c.start(), c.end()))
            .orElse(Double.NaN),
        seed,
        rise.map(
                c ->
                    "nats by which a line fitted to the score falls further in "
                        + steps(c)
                        + " than in an equally long stretch before")
            .orElse("the induction score does not rise"));
  }

  private static Claim inContext(ModelRun one, ModelRun two, long seed) {
    Optional<PhaseChange> change = two.timeline().inductionChange();
    return new Claim(
        "induction.in-context",
        ARGUMENT_1,
        "Across the stretch in which induction heads form, in-context learning of the 2-layer model "
            + "improves more than that of the 1-layer model",
        Expectation.above(IN_CONTEXT_GAIN),
        change
            .map(
                c ->
                    InContextGain.across(one.timeline(), c)
                        - InContextGain.across(two.timeline(), c))
            .orElse(Double.NaN),
        seed,
        change
            .map(
                c ->
                    "nats; the mean in-context learning score of an equally long stretch after "
                        + steps(c)
                        + " minus that of one before, 1 layer minus 2 layers")
            .orElse("the induction score does not rise"));
  }

  private static String steps(PhaseChange change) {
    return "steps %d to %d".formatted(change.start(), change.end());
  }
}
