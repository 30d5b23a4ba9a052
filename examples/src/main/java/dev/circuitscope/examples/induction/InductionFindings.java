package dev.circuitscope.examples.induction;

import dev.circuitscope.circuits.heads.HeadScores;
import dev.circuitscope.circuits.learning.PhaseAgreement;
import dev.circuitscope.circuits.learning.PhaseChange;
import dev.circuitscope.circuits.learning.Snapshot;
import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was found about induction heads, in plain words. */
final class InductionFindings {

  private InductionFindings() {}

  static List<String> of(InductionResult result) {
    List<String> findings = new ArrayList<>();
    findings.add(heads(result, result.twoLayers(), "The 2-layer model"));
    findings.add(oneLayer(result));
    findings.add(copying(result));
    result.twoLayers().timeline().agreement().ifPresent(a -> findings.add(agreement(result, a)));
    result.plainText().ifPresent(run -> findings.add(heads(result, run, plainText(run))));
    return findings;
  }

  private static String heads(InductionResult result, ModelRun run, String who) {
    HeadScores scores = run.last().heads().induction();
    List<Head> heads = run.inductionHeads(result.recipe().measures().inductionHead());
    if (heads.isEmpty()) {
      return String.format(
          Locale.ROOT,
          "%s formed no induction head in %.1f million tokens; its best head, %s, scores %.2f.",
          who,
          run.last().tokensSeen() / 1e6,
          run.bestHead(),
          run.bestInduction());
    }
    String list =
        heads.stream()
            .map(h -> String.format(Locale.ROOT, "%s (score %.2f)", h, scores.score(h)))
            .collect(Collectors.joining(", "));
    Optional<PhaseChange> change = run.timeline().inductionChange();
    return "%s forms %d induction %s: %s%s."
        .formatted(
            who,
            heads.size(),
            heads.size() == 1 ? "head" : "heads",
            list,
            change.map(c -> "; the best score rises " + window(run, c)).orElse(""));
  }

  /** Where a change lies, in steps and tokens. */
  static String window(ModelRun run, PhaseChange change) {
    return String.format(
        Locale.ROOT,
        "between steps %,d and %,d (%.1f to %.1f million tokens)",
        change.start(),
        change.end(),
        run.millions(change.start()),
        run.millions(change.end()));
  }

  private static String oneLayer(InductionResult result) {
    ModelRun run = result.oneLayer();
    List<Head> heads = run.inductionHeads(result.recipe().measures().inductionHead());
    return String.format(
        Locale.ROOT,
        "The 1-layer model, on the same batches in the same order, %s: its best head, %s, scores %.2f.",
        heads.isEmpty() ? "forms none" : "forms some too",
        run.bestHead(),
        run.bestInduction());
  }

  private static String copying(InductionResult result) {
    Snapshot one = result.oneLayer().last();
    Snapshot two = result.twoLayers().last();
    return String.format(
        Locale.ROOT,
        "When random tokens come a second time, the 2-layer model's loss is %.1f nats lower than the "
            + "first time, the 1-layer model's %.1f.",
        two.copyLoss().drop().mean(),
        one.copyLoss().drop().mean());
  }

  private static String agreement(InductionResult result, PhaseAgreement agreement) {
    ModelRun run = result.twoLayers();
    return String.format(
            Locale.ROOT,
            "Across the stretch in which those heads form, the in-context learning score of the 2-layer "
                + "model moves by %+.2f nats, that of the 1-layer model by %+.2f. ",
            InContextGain.across(run.timeline(), agreement.induction()),
            InContextGain.across(result.oneLayer().timeline(), agreement.induction()))
        + "The 2-layer model's makes most of its fall %s; that window and the induction score's %s."
            .formatted(
                window(run, agreement.inContext()),
                agreement.overlaps()
                    ? String.format(Locale.ROOT, "overlap by %.0f%%", 100 * agreement.overlap())
                    : "do not overlap");
  }

  private static String plainText(ModelRun run) {
    return String.format(
        Locale.ROOT,
        "Trained on plain text alone for %.1f minutes, a 2-layer model",
        run.seconds() / 60);
  }
}
