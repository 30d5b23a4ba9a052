package dev.circuitscope.examples.incontext;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.Expectation;
import dev.circuitscope.examples.report.Numbers;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the paper says of taking heads out of the model with two layers. */
final class AblationClaims {

  private static final String ABLATIONS = InContextClaims.PAPER + "Argument 3";
  private static final String PER_TOKEN = InContextClaims.PAPER + "Per-Token Loss Analysis";
  private static final String NONE = "the 2-layer model has no induction head";

  private static final double MOST = 0.8;
  private static final double LITTLE = 0.15;

  private AblationClaims() {}

  static List<Claim> of(InContextResult result) {
    Optional<AblationStudy> study =
        result.ablation(ModelKind.TWO).filter(s -> s.together().isPresent());
    return List.of(
        all(result, study), others(result, study), negative(result, study), lowest(result, study));
  }

  private static Claim all(InContextResult result, Optional<AblationStudy> study) {
    return new Claim(
        "incontext.ablate-induction-heads",
        ABLATIONS,
        "Without its induction heads, the 2-layer model loses the in-context learning that the"
            + " change brought",
        Expectation.above(MOST),
        study
            .map(s -> s.removed(s.together().orElseThrow().patternPreserving()))
            .orElse(Double.NaN),
        result.seed(),
        study
            .map(
                s ->
                    "share that is gone when %s are taken out of the trained model, patterns preserved (full ablation: %s), of the move of the in-context learning score on %s from %s at step %s, where prefix matching starts to rise, to %s at the end"
                        .formatted(
                            names(s.inductionHeads()),
                            Numbers.two(s.removed(s.together().orElseThrow().full())),
                            Windows.MIXED.label(),
                            Numbers.two(s.before().mean()),
                            Numbers.count(s.change().start()),
                            Numbers.two(s.after().mean())))
            .orElse(NONE));
  }

  private static Claim others(InContextResult result, Optional<AblationStudy> study) {
    Optional<Head> worst =
        study.flatMap(
            s ->
                s.othersOfTheirLayers().stream()
                    .max(Comparator.comparingDouble(h -> removed(s, h))));
    return new Claim(
        "incontext.ablate-others",
        ABLATIONS,
        "Without any one of the other heads of their layer it loses little of it",
        Expectation.below(LITTLE),
        worst.map(head -> removed(study.orElseThrow(), head)).orElse(Double.NaN),
        result.seed(),
        study.isEmpty()
            ? NONE
            : worst
                .map(
                    head ->
                        "the same share of the in-context learning that the change brought, when %s is taken out, the other head that is missed most (full ablation: %s)"
                            .formatted(
                                head,
                                Numbers.two(
                                    study
                                        .orElseThrow()
                                        .removed(study.orElseThrow().without(head).full()))))
                .orElse("all heads of their layer are induction heads"));
  }

  private static double removed(AblationStudy study, Head head) {
    return study.removed(study.without(head).patternPreserving());
  }

  private static Claim negative(InContextResult result, Optional<AblationStudy> study) {
    return new Claim(
        "incontext.before-and-after",
        PER_TOKEN,
        "Taking out any induction head of the 2-layer model moves per-token losses back",
        Expectation.below(0),
        study.map(AblationClaims::highest).orElse(Double.NaN),
        result.seed(),
        study
            .map(
                s ->
                    "highest before-and-after score of an induction head, in nats: "
                        + s.inductionHeads().stream()
                            .map(h -> h + " " + Numbers.two(s.beforeAndAfter().score(h)))
                            .collect(Collectors.joining(", ")))
            .orElse(NONE));
  }

  private static Claim lowest(InContextResult result, Optional<AblationStudy> study) {
    Optional<Head> other = study.flatMap(s -> s.lowestBut(s.inductionHeads()));
    return new Claim(
        "incontext.before-and-after-lowest",
        PER_TOKEN,
        "Taking out any induction head moves them further back than taking out any other head",
        Expectation.below(0),
        other
            .map(
                head ->
                    highest(study.orElseThrow()) - study.orElseThrow().beforeAndAfter().score(head))
            .orElse(Double.NaN),
        result.seed(),
        study.isEmpty()
            ? NONE
            : other
                .map(
                    head ->
                        "highest before-and-after score of an induction head minus the lowest of another head, %s of %s, in nats"
                            .formatted(
                                Numbers.two(study.orElseThrow().beforeAndAfter().score(head)),
                                head))
                .orElse("there is no other head"));
  }

  private static double highest(AblationStudy study) {
    return study.inductionHeads().stream()
        .mapToDouble(study.beforeAndAfter()::score)
        .max()
        .orElse(Double.NaN);
  }

  private static String names(List<Head> heads) {
    return heads.stream().map(Head::toString).collect(Collectors.joining(", "));
  }
}
