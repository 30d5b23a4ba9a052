package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.circuits.sampling.RepeatSampling;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What the scores of In-context Learning and Induction Heads say of heads that are known. */
class HandBuiltHeadsTest {

  private static final KnownSettings SETTINGS = KnownSettings.of(60, 128);
  private static final Head ONLY = new Head(0, 0);

  private static double prefixMatching(KnownModel known, Head head) {
    return PrefixMatchingScores.of(known.model(), known.repeats(3L), RunSettings.plain())
        .score(head);
  }

  @Nested
  class PrefixMatching {

    @Test
    void ofInductionHeadsIsOneHoweverTheyAreBuilt() {
      for (KnownModel known :
          List.of(
              KnownCircuits.induction(SETTINGS),
              KnownCircuits.pointerInduction(SETTINGS),
              KnownCircuits.smearedInduction(SETTINGS))) {
        assertThat(prefixMatching(known, known.head(Role.INDUCTION)))
            .as(known.name())
            .isCloseTo(1, within(1e-6));
      }
    }

    @Test
    void ofTheHandBuiltPreviousTokenHeadIsAboutZero() {
      for (KnownModel known :
          List.of(KnownCircuits.previousToken(SETTINGS), KnownCircuits.induction(SETTINGS))) {
        assertThat(prefixMatching(known, known.head(Role.PREVIOUS_TOKEN)))
            .as(known.name())
            .isCloseTo(0, within(1e-6));
      }
    }

    @Test
    void ofUniformAttentionIsTheClosedForm() {
      KnownModel known = KnownCircuits.uniform(SETTINGS);
      RepeatSampling repeats = known.repeats(3L);
      // a start token, then two copies of n tokens: at d of the second, 1 target of d + 1 sources
      int n = repeats.draw().period()[0];
      double expected = (Ideal.harmonic(2 * n + 1) - Ideal.harmonic(n + 1)) / n;
      assertThat(repeats.draw().period()).containsOnly(n);
      assertThat(repeats.draw().length()).isEqualTo(2 * n + 1);
      HeadScores scores = PrefixMatchingScores.of(known.model(), repeats, RunSettings.plain());
      assertThat(scores.score(ONLY)).isCloseTo(expected, within(1e-7));
      assertThat(scores.chance()).isCloseTo(expected, within(1e-12));
    }
  }

  @Nested
  class Copying {

    private double score(KnownModel known) {
      return CopyingScores.of(known.model(), 5L).score().score(ONLY);
    }

    private double eigenvalues(KnownModel known) {
      return EigenvalueScores.ovCopying(Circuits.of(known.model()), 2, 5L).scores().score(ONLY);
    }

    @Test
    void ofACopierIsTheMaximumOfAnAntiCopierMinusOneAndOfAZeroHeadDefined() {
      assertThat(score(KnownCircuits.copying(SETTINGS))).isCloseTo(1, within(1e-6));
      assertThat(score(KnownCircuits.antiCopying(SETTINGS))).isCloseTo(-1, within(1e-6));
      assertThat(score(KnownCircuits.zero(SETTINGS))).isEqualTo(-1);
      assertThat(eigenvalues(KnownCircuits.copying(SETTINGS))).isCloseTo(1, within(1e-6));
      assertThat(eigenvalues(KnownCircuits.antiCopying(SETTINGS))).isCloseTo(-1, within(1e-6));
      assertThat(eigenvalues(KnownCircuits.zero(SETTINGS))).isZero();
    }
  }

  @Nested
  class EveryScore {

    private final Transformer model =
        KnownCircuits.induction(SETTINGS.heads(2).noise(0.02, 4L)).model();

    @Test
    void saysHowManySequencesItIsAMeanOverTheirSeedAndItsStandardError() {
      for (HeadScores scores :
          List.of(
              InductionScores.of(model, 7L),
              PrefixMatchingScores.of(model, 7L),
              PreviousTokenScores.of(model, 7L),
              DuplicateTokenScores.of(model, 7L),
              CopyingScores.of(model, 7L).score(),
              CopyingScores.of(model, 7L).raisedShare(),
              QkTraceScores.of(model, 7L).trace())) {
        assertThat(scores.samples()).as(scores.name()).isGreaterThanOrEqualTo(10);
        assertThat(scores.samples()).as(scores.name()).isEqualTo(scores.provenance().sequences());
        assertThat(scores.provenance().seed()).as(scores.name()).hasValue(7L);
        for (Head head : scores.ranking()) {
          assertThat(scores.standardError(head))
              .as("%s of %s", scores.name(), head)
              .isNotNegative()
              .isLessThan(Math.max(0.1, Math.abs(scores.score(head))));
        }
      }
    }
  }
}
