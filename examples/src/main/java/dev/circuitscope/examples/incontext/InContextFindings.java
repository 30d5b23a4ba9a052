package dev.circuitscope.examples.incontext;

import dev.circuitscope.circuits.learning.LossBump;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.pertoken.TrajectoryPivot;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.examples.report.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was found about in-context learning, in plain words. */
final class InContextFindings {

  /** The share that counts as much of the in-context learning that came with a change. */
  private static final double INDIRECT = 0.5;

  private InContextFindings() {}

  static List<String> of(InContextResult result) {
    List<String> findings = new ArrayList<>();
    findings.add(who(result));
    result.change(ModelKind.TWO).ifPresent(change -> findings.add(score(result, change)));
    smeared(result).ifPresent(findings::add);
    result
        .course(ModelKind.TWO)
        .bump(Windows.MIXED, result.recipe().readings())
        .ifPresent(bump -> findings.add(bump(result, bump)));
    result.ablations().forEach(study -> findings.add(ablation(study)));
    result.ablation(ModelKind.TWO).flatMap(InContextFindings::previous).ifPresent(findings::add);
    result.pivot(ModelKind.TWO).ifPresent(pivot -> findings.add(pivot(result, pivot)));
    findings.add(
        "In the derivative of the loss by log token index, on %s, the models of 2 and 3 layers %s."
            .formatted(
                Windows.MIXED.label(),
                TokenIndexSection.describe(
                    result.inversion(ModelKind.TWO, ModelKind.THREE, Windows.MIXED))));
    result.plainText().forEach(course -> findings.add(PlainTextSection.outcome(result, course)));
    return List.copyOf(findings);
  }

  private static String who(InContextResult result) {
    double threshold = result.recipe().readings().inductionHead();
    return "Induction heads at the end (prefix matching of %s or more): %s."
        .formatted(
            threshold,
            result.courses().stream()
                .map(
                    course -> {
                      int heads = course.inductionHeads(threshold).size();
                      return "%s: %s (best %s)"
                          .formatted(
                              course.kind().label(),
                              heads == 0 ? "none" : heads,
                              Numbers.two(ModelCourse.last(course.bestPrefixMatching())));
                    })
                .collect(Collectors.joining("; ")));
  }

  private static String score(InContextResult result, PhaseChange change) {
    ModelCourse two = result.course(ModelKind.TWO);
    double[] score = two.score(Windows.MIXED);
    double[] one = result.course(ModelKind.ONE).score(Windows.MIXED);
    return "While the best prefix-matching score of the 2-layer model rises, between steps %s and %s, its in-context learning score on %s goes from %s to %s nats, and to %s by the end; that of the 1-layer model from %s to %s."
        .formatted(
            Numbers.count(change.start()),
            Numbers.count(change.end()),
            Windows.MIXED.label(),
            Numbers.two(two.at(score, change.start())),
            Numbers.two(two.at(score, change.end())),
            Numbers.two(ModelCourse.last(score)),
            Numbers.two(two.at(one, change.start())),
            Numbers.two(ModelCourse.last(one)));
  }

  private static Optional<String> smeared(InContextResult result) {
    Optional<PhaseChange> one = result.change(ModelKind.ONE_SMEARED);
    Optional<PhaseChange> two = result.change(ModelKind.TWO_SMEARED);
    if (one.isEmpty() || two.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "With smeared keys, prefix matching is half risen at step %s in one layer and at step %s in two layers; without, %s in one layer and %s in two."
            .formatted(
                Numbers.count(one.get().half()),
                Numbers.count(two.get().half()),
                half(result.change(ModelKind.ONE)),
                half(result.change(ModelKind.TWO))));
  }

  private static String half(Optional<PhaseChange> change) {
    return change.map(c -> "at step " + Numbers.count(c.half())).orElse("never");
  }

  private static String bump(InContextResult result, LossBump bump) {
    Optional<LossBump> one =
        result.course(ModelKind.ONE).bump(Windows.MIXED, result.recipe().readings());
    return "The highest bump in the 2-layer model's loss curve is at step %s, %s nats above the straight line between steps %s and %s; the highest of the 1-layer model is %s."
        .formatted(
            Numbers.count(bump.peak()),
            Numbers.two(bump.height()),
            Numbers.count(bump.start()),
            Numbers.count(bump.end()),
            one.map(b -> Numbers.two(b.height()) + " nats high")
                .orElse("too low to tell from noise"));
  }

  private static String ablation(AblationStudy study) {
    if (study.together().isEmpty()) {
      return "No head of %s ends as an induction head.".formatted(study.kind().phrase());
    }
    return "Taking %s out of %s, with patterns preserved, removes %s of the in-context learning that came with the change%s%s."
        .formatted(
            study.inductionHeads().stream().map(Head::toString).collect(Collectors.joining(", ")),
            study.kind().phrase(),
            Numbers.percent(study.removed(study.together().get().patternPreserving())),
            oneAtATime(study),
            others(study));
  }

  private static String oneAtATime(AblationStudy study) {
    List<Head> heads = study.inductionHeads();
    return heads.size() == 1
        ? ""
        : ", one at a time at most "
            + Numbers.percent(
                heads.stream().mapToDouble(h -> removed(study, h)).max().orElseThrow());
  }

  private static String others(AblationStudy study) {
    List<Head> others = study.othersOfTheirLayers();
    if (others.isEmpty()) {
      return "";
    }
    double most = others.stream().mapToDouble(h -> removed(study, h)).max().orElseThrow();
    boolean oneLayer = others.stream().map(Head::layer).distinct().count() == 1;
    return (most <= 0
            ? "; no single other head of %s removes any"
            : "; any single other head of %s at most %s")
        .formatted(oneLayer ? "their layer" : "their layers", Numbers.percent(most));
  }

  /** What the previous-token head does, if it is missed for the patterns of others. */
  private static Optional<String> previous(AblationStudy study) {
    Head previous =
        study.previousToken().ranking().stream()
            .filter(h -> h.layer() == 0)
            .findFirst()
            .orElseThrow();
    double full = study.removed(study.without(previous).full());
    double preserving = removed(study, previous);
    if (full < INDIRECT || preserving > full / 2) {
      return Optional.empty();
    }
    return Optional.of(
        "%s, the head of the 2-layer model's first layer that attends most to the previous token (%s), removes %s of it when it is taken out in full but %s with patterns preserved: later heads need what it writes to know where to attend."
            .formatted(
                previous,
                Numbers.two(study.previousToken().score(previous)),
                Numbers.percent(full),
                Numbers.percent(preserving)));
  }

  private static double removed(AblationStudy study, Head head) {
    return study.removed(study.without(head).patternPreserving());
  }

  private static String pivot(InContextResult result, TrajectoryPivot pivot) {
    return "The 2-layer model's per-token losses turn most sharply, by %.0f degrees, at step %s; two components explain %s of the variance of all models' losses."
        .formatted(
            pivot.degrees(),
            Numbers.count(pivot.at().step()),
            Numbers.percent(result.pca().explained()[0] + result.pca().explained()[1]));
  }
}
