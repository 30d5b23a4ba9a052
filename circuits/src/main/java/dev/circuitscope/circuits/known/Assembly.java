package dev.circuitscope.circuits.known;

import dev.circuitscope.core.hook.Head;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Turns a blueprint and what is expected of it into a known model. */
final class Assembly {

  /** Of attention, and of eigenvalues, in float32. */
  private static final double ROUNDING = 1e-6;

  /** With noise in the other heads, whose outputs the circuit's heads read too. */
  private static final double NOISY = 1e-3;

  private final Blueprint plan;
  private final List<ExpectedScore> expected = new ArrayList<>();
  private final List<Integer> words = new ArrayList<>();

  Assembly(Blueprint plan) {
    this.plan = plan;
  }

  Assembly expect(Measure measure, Head head, double value) {
    KnownSettings settings = plan.settings();
    double tolerance =
        settings.distractors().deviation() > 0 ? NOISY : ROUNDING + 2 * settings.sharpness().leak();
    expected.add(new ExpectedScore(measure, head, value, tolerance));
    return this;
  }

  /** Expects what random codes leave inexact only where codes are exact. */
  Assembly expectIfExact(Measure measure, Head head, double value) {
    return plan.stream().tokenCode().coherence() == 0 ? expect(measure, head, value) : this;
  }

  /** Tokens that the circuit knows one by one. */
  Assembly words(List<Integer> tokens) {
    words.addAll(tokens);
    return this;
  }

  KnownModel build(String name) {
    Map<Role, List<Head>> heads = new EnumMap<>(Role.class);
    plan.drafts()
        .forEach((head, d) -> heads.computeIfAbsent(d.role(), r -> new ArrayList<>()).add(head));
    return new KnownModel(
        name, Emission.model(plan), heads, plan.edges(), expected, words, plan.settings());
  }
}
