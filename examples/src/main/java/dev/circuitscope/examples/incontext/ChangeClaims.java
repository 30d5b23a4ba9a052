package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.LossBump;
import dev.circuitscope.circuits.learning.OrderInversion;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.pertoken.TrajectoryPivot;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.report.Numbers;
import java.util.List;
import java.util.Optional;

/** What the paper says happens to losses when the model with two layers forms induction heads. */
final class ChangeClaims {

  private static final String ARGUMENT = InContextClaims.PAPER + "Argument 1";
  private static final String PER_TOKEN = InContextClaims.PAPER + "Per-Token Loss Analysis";

  private static final double TOGETHER = 0.15;
  private static final double NEAR = 0.1;
  private static final double TWICE = 2;
  private static final double LITTLE = 0.15;

  private ChangeClaims() {}

  static List<Claim> of(InContextResult result) {
    return List.of(
        together(result),
        oneLayer(result),
        bump(result),
        pivot(result),
        further(result),
        derivative(result));
  }

  private static Claim together(InContextResult result) {
    ModelCourse two = result.course(ModelKind.TWO);
    Optional<PhaseChange> rise = result.change(ModelKind.TWO);
    Optional<PhaseChange> fall = two.inContextChange();
    boolean both = rise.isPresent() && fall.isPresent();
    return new Claim(
        "incontext.together",
        ARGUMENT,
        "In-context learning of the 2-layer model improves fastest when its induction heads form",
        Expectation.below(TOGETHER),
        both
            ? (double) Math.abs(fall.get().steepest() - rise.get().half()) / length(two)
            : Double.NaN,
        result.seed(),
        both
            ? "distance from the step where the in-context learning score on %s falls fastest, %s, to the step where the best prefix-matching score is half risen, %s, as a share of the run"
                .formatted(
                    Windows.MIXED.label(),
                    Numbers.count(fall.get().steepest()),
                    Numbers.count(rise.get().half()))
            : "there is no rise of prefix matching or no fall of the in-context learning score");
  }

  /** From the start of the change of two layers to the end, because one layer has none. */
  private static Claim oneLayer(InContextResult result) {
    Optional<PhaseChange> rise = result.change(ModelKind.TWO);
    double[] moves =
        List.of(ModelKind.ONE, ModelKind.TWO).stream()
            .mapToDouble(
                kind -> rise.map(c -> move(result.course(kind), c.start())).orElse(Double.NaN))
            .toArray();
    return new Claim(
        "incontext.one-layer-score",
        ARGUMENT,
        "The in-context learning score of the 1-layer model does not make the change",
        Expectation.below(LITTLE),
        moves[0] / moves[1],
        result.seed(),
        rise.map(
                c ->
                    "its move on %s from step %s, where prefix matching of the 2-layer model starts to rise, to the end, %s nats, as a share of the 2-layer model's, %s"
                        .formatted(
                            Windows.MIXED.label(),
                            Numbers.count(c.start()),
                            Numbers.two(moves[0]),
                            Numbers.two(moves[1])))
            .orElse("prefix matching of the 2-layer model does not rise"));
  }

  private static double move(ModelCourse course, long from) {
    double[] score = course.score(Windows.MIXED);
    return ModelCourse.last(score) - course.at(score, from);
  }

  private static Claim bump(InContextResult result) {
    ModelCourse two = result.course(ModelKind.TWO);
    Optional<PhaseChange> rise = result.change(ModelKind.TWO);
    Optional<LossBump> bump = two.bump(Windows.MIXED, result.recipe().readings());
    boolean inside =
        rise.isPresent() && bump.isPresent() && away(rise.get(), bump.get().peak()) == 0;
    return new Claim(
        "incontext.bump",
        ARGUMENT,
        "At the change, the loss curve of the 2-layer model has its highest bump: it is not convex",
        Expectation.above(result.recipe().readings().leastBump()),
        inside ? bump.get().height() : Double.NaN,
        result.seed(),
        inside
            ? "nats by which the loss on %s is above the straight line between its values at steps %s and %s, at step %s; on text alone the highest bump is %s"
                .formatted(
                    Windows.MIXED.label(),
                    Numbers.count(bump.get().start()),
                    Numbers.count(bump.get().end()),
                    Numbers.count(bump.get().peak()),
                    two.bump(Windows.TEXT, result.recipe().readings())
                        .map(
                            b ->
                                "%s nats, at step %s"
                                    .formatted(Numbers.two(b.height()), Numbers.count(b.peak())))
                        .orElse("none"))
            : "the highest bump does not lie where prefix matching rises");
  }

  private static Claim pivot(InContextResult result) {
    Optional<PhaseChange> rise = result.change(ModelKind.TWO);
    Optional<TrajectoryPivot> pivot = result.pivot(ModelKind.TWO);
    boolean both = rise.isPresent() && pivot.isPresent();
    return new Claim(
        "incontext.pivot",
        PER_TOKEN,
        "The trajectory of the 2-layer model's per-token losses turns where its induction heads"
            + " form",
        Expectation.below(NEAR),
        both
            ? away(rise.get(), pivot.get().at().step()) / length(result.course(ModelKind.TWO))
            : Double.NaN,
        result.seed(),
        both
            ? "distance of its sharpest turn, by %.0f degrees at step %s, from steps %s, as a share of the run; 0 inside"
                .formatted(
                    pivot.get().degrees(),
                    Numbers.count(pivot.get().at().step()),
                    steps(rise.get()))
            : "there is no rise of prefix matching or no turn");
  }

  private static Claim further(InContextResult result) {
    double[] slope = result.course(ModelKind.TWO).slope(Windows.MIXED);
    Optional<PhaseChange> rise = result.change(ModelKind.TWO);
    double before =
        rise.map(c -> result.course(ModelKind.TWO).at(slope, c.start())).orElse(Double.NaN);
    return new Claim(
        "incontext.further",
        ARGUMENT,
        "After the change, the loss of the 2-layer model falls further along the context than"
            + " before",
        Expectation.above(TWICE),
        ModelCourse.last(slope) / before,
        result.seed(),
        rise.map(
                c ->
                    "derivative of the loss on %s by log token index, over tokens %s, at the end, %s nats, divided by that at step %s, %s nats"
                        .formatted(
                            Windows.MIXED.label(),
                            result.recipe().readings().slope(),
                            Numbers.two(ModelCourse.last(slope)),
                            Numbers.count(c.start()),
                            Numbers.two(before)))
            .orElse("prefix matching of the 2-layer model does not rise"));
  }

  /** Of two and three layers, because the model of one never makes the change. */
  private static Claim derivative(InContextResult result) {
    Optional<PhaseChange> rise = result.change(ModelKind.TWO);
    Optional<OrderInversion> inversion =
        result.inversion(ModelKind.TWO, ModelKind.THREE, Windows.MIXED);
    boolean both = rise.isPresent() && inversion.isPresent();
    return new Claim(
        "incontext.derivative",
        ARGUMENT,
        "At the change, a smaller and a larger model change order in the derivative of the loss by "
            + "log token index",
        Expectation.below(TOGETHER),
        both
            ? away(rise.get(), inversion.get().step()) / length(result.course(ModelKind.TWO))
            : Double.NaN,
        result.seed(),
        both
            ? "distance from steps %s, where prefix matching of the 2-layer model rises, to the step where on %s the models of 2 and 3 layers do, %s, as a share of the run; 0 inside; mean difference %s nats before, %s after; the models of 1 and 2 layers %s"
                .formatted(
                    steps(rise.get()),
                    Windows.MIXED.label(),
                    Numbers.count(Math.round(inversion.get().step())),
                    Numbers.three(inversion.get().before()),
                    Numbers.three(inversion.get().after()),
                    TokenIndexSection.describe(
                        result.inversion(ModelKind.ONE, ModelKind.TWO, Windows.MIXED)))
            : "the models of 2 and 3 layers do not change their order, or prefix matching does not rise");
  }

  /** Steps from a window, 0 inside. */
  private static double away(PhaseChange change, double step) {
    return Math.max(0, Math.max(change.start() - step, step - change.end()));
  }

  private static String steps(PhaseChange change) {
    return "%s to %s".formatted(Numbers.count(change.start()), Numbers.count(change.end()));
  }

  private static double length(ModelCourse course) {
    long[] steps = course.steps();
    return steps[steps.length - 1] - steps[0];
  }
}
