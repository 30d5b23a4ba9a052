package dev.circuitscope.examples.framework;

import dev.circuitscope.circuits.paths.ImportanceStep;
import dev.circuitscope.circuits.paths.TermImportance;
import dev.circuitscope.circuits.paths.VirtualHead;
import dev.circuitscope.circuits.paths.VirtualHeads;
import dev.circuitscope.circuits.sampling.SampleMean;
import dev.circuitscope.examples.report.Numbers;
import dev.circuitscope.examples.report.Prose;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.report.Table;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What is shown of the worth of the terms of the model with two layers. */
final class TermSection {

  private static final int VIRTUAL = 8;

  private TermSection() {}

  static Section of(FrameworkResult result) {
    TermStudy study = result.terms();
    return new Section(
        "Two layers: what each term is worth",
        List.of(
            new Prose(
                "With its attention patterns held fixed, the model is a sum: the direct path from "
                    + "tokens to logits, one term for each head, and one for each virtual head, a head "
                    + "of the second layer that moves on what one of the first has moved. The table "
                    + "adds them order by order. That heads of the second layer read the first layer "
                    + "in their keys is in the patterns, and so in all terms."),
            importance(
                "On held-out windows like those it was trained on, text and repeated blocks",
                study.likeTraining()),
            importance("On held-out text alone", study.text()),
            virtual(study.virtual())));
  }

  private static Table importance(String where, TermImportance importance) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("nothing (uniform)", "", Numbers.three(importance.uniformLoss()), ""));
    for (int order = 0; order <= importance.lastOrder(); order++) {
      rows.add(
          row(
              List.of("direct path", "single heads", "virtual heads").get(order),
              importance.terms(order),
              importance.loss(order),
              importance.reduction(order)));
      List<ImportanceStep> steps = order == 0 ? List.of() : importance.steps(order);
      for (int i = 0; steps.size() > 1 && i < steps.size(); i++) {
        ImportanceStep step = steps.get(i);
        String name = (i == 0 ? "— first those of layer " : "— then those of layer ") + i;
        rows.add(row(name, step.terms(), step.loss(), step.reduction()));
      }
    }
    return new Table(
        where + ": loss as terms are added, and how much they take off it",
        List.of("Terms", "Number", "Loss (nats a token)", "Reduction"),
        rows);
  }

  private static List<String> row(
      String name, BigInteger terms, SampleMean loss, SampleMean reduction) {
    return List.of(name, terms.toString(), Numbers.mean(loss), Numbers.mean(reduction));
  }

  private static Table virtual(VirtualHeads virtual) {
    List<List<String>> rows = new ArrayList<>();
    for (VirtualHead head : virtual.ranking().stream().limit(VIRTUAL).toList()) {
      rows.add(
          List.of(
              head.path().toString(), Numbers.mean(head.added()), Numbers.mean(head.removed())));
    }
    rows.add(List.of("all together", Numbers.mean(virtual.together()), ""));
    return new Table(
        "The virtual heads that gain most, of %d".formatted(virtual.heads().size()),
        List.of(
            "Virtual head",
            "Gain, added to direct path and single heads (nats)",
            "Gain, left out of the model"),
        rows);
  }
}
