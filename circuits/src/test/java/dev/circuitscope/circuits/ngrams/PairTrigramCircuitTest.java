package dev.circuitscope.circuits.ngrams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.Smeared;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import dev.circuitscope.core.text.Phrase;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairTrigramCircuitTest {

  private static final int FIRST = 9;
  private static final Head HEAD = new Head(0, 1);

  private static TransformerConfig config(Normalization norm) {
    return Smeared.smeared(TestModels.config(1, norm, Positions.NONE));
  }

  private static DoubleTensor scores(Transformer model, int[]... tokens) {
    return ReferenceTransformer.of(model.config(), model.weights())
        .run(tokens)
        .get(HookPoint.attnScores(0));
  }

  @ParameterizedTest
  @EnumSource(Normalization.class)
  void preferencesAreDifferencesOfScoresOfPairsInARun(Normalization norm) {
    Transformer model = Smeared.random(config(norm));
    PairTrigramCircuit pairs = PairTrigramCircuit.of(model, HEAD);
    for (int dest = 0; dest < 11; dest++) {
      for (int previous = 0; previous < 11; previous++) {
        for (int src = 0; src < 11; src++) {
          int[] pair = {FIRST, previous, src, dest};
          int[] other = {FIRST, 0, 0, dest};
          DoubleTensor scores = scores(model, pair, other);
          assertThat(pairs.preference(dest, previous, src) - pairs.preference(dest, 0, 0))
              .isCloseTo(scores.at(0, 1, 3, 2) - scores.at(1, 1, 3, 2), within(1e-10));
        }
      }
    }
  }

  @Test
  void theirMeanOverAllPairsIsZero() {
    PairTrigramCircuit pairs =
        PairTrigramCircuit.of(Smeared.random(config(Normalization.LN)), HEAD);
    double sum = 0;
    for (int previous = 0; previous < 11; previous++) {
      for (int src = 0; src < 11; src++) {
        sum += pairs.preference(4, previous, src);
      }
    }
    assertThat(sum).isCloseTo(0, within(1e-10));
  }

  @ParameterizedTest
  @ValueSource(floats = {-100, 100})
  void atExtremesOfAlphaOnlyOneOfTheTokensMatters(float alpha) {
    Transformer model = Smeared.withAlpha(Smeared.random(config(Normalization.NONE)), 0, alpha);
    PairTrigramCircuit pairs = PairTrigramCircuit.of(model, HEAD);
    for (int token = 1; token < 11; token++) {
      double bySource = pairs.preference(3, 0, token) - pairs.preference(3, 0, 0);
      double byPrevious = pairs.preference(3, token, 0) - pairs.preference(3, 0, 0);
      assertThat(alpha > 0 ? byPrevious : bySource).isCloseTo(0, within(1e-12));
      assertThat(alpha > 0 ? bySource : byPrevious)
          .isCloseTo(
              TrigramCircuit.of(Smeared.withoutSmear(model), HEAD).preference(3, token)
                  - TrigramCircuit.of(Smeared.withoutSmear(model), HEAD).preference(3, 0),
              within(1e-10));
    }
  }

  @Nested
  class OfTheSmearedInductionHead {

    private final KnownModel known = Smeared.induction();
    private final PairTrigramCircuit pairs =
        PairTrigramCircuit.of(known.model(), known.head(Role.INDUCTION));

    @Test
    void everyTokenLooksForItselfBeforeTheSourceAndRaisesTheSource() {
      for (int a = 1; a < 12; a++) {
        assertThat(pairs.previous(a, 1).get(0).token()).isEqualTo(a);
        int b = 1 + a % 11;
        PairTrigram induction = pairs.trigram(a, new Phrase(b, a, b), TrigramStrength.PRODUCT);
        assertThat(induction.strength()).isPositive();
        assertThat(induction.toString())
            .startsWith("L0H0: %d %d ... %d -> %d (".formatted(a, b, a, b));
        assertThat(induction.toJson(TokenNames.ids()).get("text").getAsString())
            .isEqualTo("%d %d ... %d -> %d", a, b, a, b);
        assertThat(pairs.trigram(b, new Phrase(b, a, b), TrigramStrength.PRODUCT).strength())
            .isZero();
        assertThat(pairs.ofSource().preference(a, b)).isCloseTo(0, within(1e-9));
      }
    }
  }

  @Test
  void headsWhoseKeysSeeOneTokenAreRefused() {
    Transformer plain = Smeared.random(TestModels.config(1, Normalization.NONE, Positions.NONE));
    assertThatThrownBy(() -> PairTrigramCircuit.of(plain, HEAD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not smeared")
        .hasMessageContaining("TrigramCircuit.of");
  }
}
