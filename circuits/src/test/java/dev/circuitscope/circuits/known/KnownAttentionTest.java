package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KnownAttentionTest {

  private static final List<String> BY_RULE =
      KnownCircuits.names().stream()
          .filter(
              n -> !n.startsWith("skip") && !n.startsWith("smeared") && !n.startsWith("pointer"))
          .toList();

  private static final Map<String, KnownSettings> KINDS =
      Map.of(
          "2 tokens", KnownSettings.of(2, 8),
          "30 tokens", KnownSettings.of(30, 40).start(29),
          "shortformer", KnownSettings.of(30, 40).positions(Positions.SHORTFORMER),
          "LayerNorm", KnownSettings.of(30, 40).normalization(Normalization.LN),
          "LayerNorm and shortformer",
              KnownSettings.of(30, 40)
                  .normalization(Normalization.LN)
                  .positions(Positions.SHORTFORMER),
          "codes", KnownSettings.of(300, 150).start(7),
          "codes and LayerNorm", KnownSettings.of(300, 150).normalization(Normalization.LN),
          "noise", KnownSettings.of(30, 40).heads(3).layers(3).noise(0.01, 5L),
          "context 1", KnownSettings.of(3, 1));

  static Stream<Arguments> everyCircuitOfEveryKind() {
    return BY_RULE.stream()
        .flatMap(name -> KINDS.keySet().stream().sorted().map(kind -> Arguments.of(name, kind)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyCircuitOfEveryKind")
  @DisplayName("every head attends by its rule to 1e-6, wherever it finds something and at rest")
  void everyHeadAttendsByItsRule(String name, String kind) {
    KnownModel known = KnownCircuits.named(name, KINDS.get(kind));
    int context = known.settings().context();
    for (int length : new int[] {1, Math.min(2, context), context}) {
      int[] tokens = Rules.startThenRandom(known.settings(), length, 3L);
      known
          .heads()
          .forEach((role, heads) -> heads.forEach(head -> check(known, role, head, tokens)));
    }
  }

  private static void check(KnownModel known, Role role, Head head, int[] tokens) {
    float[][] attention = Rules.attention(known, head, tokens);
    assertThat(Rules.leak(attention, role, tokens))
        .as("%s head on %s", role.label(), Arrays.toString(tokens))
        .isLessThan(1e-6);
    boolean exact =
        known.settings().context() < 128 && known.settings().distractors().deviation() == 0;
    if (exact && !known.name().startsWith("pointer")) {
      assertThat(Rules.error(attention, role, tokens))
          .as("equal shares of the %s head on %s", role.label(), Arrays.toString(tokens))
          .isLessThan(1e-6);
    }
  }

  @Nested
  class WithoutAStartToken {

    @Test
    void theInductionHeadStillAttendsRightlyWhereverThereIsAnEarlierOccurrence() {
      KnownModel known = KnownCircuits.induction(KnownSettings.of(300, 64));
      int[] tokens = {5, 9, 5, 9, 9, 0, 5, 0, 5, 5};
      float[][] a = Rules.attention(known, known.head(Role.INDUCTION), tokens);
      for (int d : new int[] {2, 3, 4, 6, 7, 8, 9}) {
        double found = 0;
        for (int s : Rules.sources(Role.INDUCTION, tokens, d)) {
          found += a[d][s];
        }
        assertThat(found).as("from %d", d).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Nested
  class PointerInduction {

    @Test
    void bothHeadsAttendByTheirRulesForUpToThreeEarlierOccurrences() {
      for (KnownSettings settings :
          List.of(
              KnownSettings.of(30, 60),
              KnownSettings.of(30, 60).normalization(Normalization.LN),
              KnownSettings.of(200, 140).start(3),
              KnownSettings.of(200, 140).normalization(Normalization.LN))) {
        KnownModel known = KnownCircuits.pointerInduction(settings);
        int[] tokens = known.repeats(3L).withSequences(1).draw().tokens()[0];
        int[] fourTimes = new int[41];
        for (int i = 1; i < fourTimes.length; i++) {
          fourTimes[i] = tokens[1 + (i - 1) % 10];
        }
        fourTimes[0] = settings.start();
        for (int[] sequence : List.of(tokens, fourTimes)) {
          check(known, Role.DUPLICATE_TOKEN, known.head(Role.DUPLICATE_TOKEN), sequence);
          check(known, Role.INDUCTION, known.head(Role.INDUCTION), sequence);
        }
      }
    }

    @Test
    void positionsThatAreNotInTheStreamCannotBeMoved() {
      KnownSettings settings = KnownSettings.of(30, 60).positions(Positions.SHORTFORMER);
      assertThatThrownBy(() -> KnownCircuits.pointerInduction(settings))
          .hasMessageContaining("STANDARD");
    }
  }

  @Nested
  class SmearedInduction {

    @Test
    void attendsByTheRuleInOneLayerAndRestsOnPositions0And1() {
      for (KnownSettings settings :
          List.of(
              KnownSettings.of(30, 40),
              KnownSettings.of(300, 100).normalization(Normalization.LN))) {
        KnownModel known = KnownCircuits.smearedInduction(settings);
        assertThat(known.model().config().nLayers()).isEqualTo(1);
        int[] tokens = Rules.startThenRandom(settings, 40, 9L);
        float[][] a = Rules.attention(known, known.head(Role.INDUCTION), tokens);
        for (int d = 1; d < tokens.length; d++) {
          int[] targets = Rules.sources(Role.INDUCTION, tokens, d);
          boolean rests = targets[0] == 0;
          for (int s : targets) {
            double share = rests ? 0.5 : 1.0 / targets.length;
            assertThat((double) a[d][s]).isCloseTo(share, within(1e-6));
          }
          assertThat((double) a[d][1])
              .as("at rest")
              .matches(x -> !rests || Math.abs(x - .5) < 1e-6);
        }
      }
    }
  }

  @Nested
  class OnLargeContexts {

    @Test
    void inductionIsAsSharpInAContextOf1024AndAVocabularyOf5000() {
      KnownModel known = KnownCircuits.induction(KnownSettings.of(5000, 1024).heads(2));
      int[] tokens = known.repeats(11L).withSequences(1).draw().tokens()[0];
      int[] longer = Rules.startThenRandom(known.settings(), 1024, 4L);
      System.arraycopy(longer, 1, longer, 513, 511);
      for (int[] sequence : List.of(tokens, longer)) {
        check(known, Role.PREVIOUS_TOKEN, known.head(Role.PREVIOUS_TOKEN), sequence);
        check(known, Role.INDUCTION, known.head(Role.INDUCTION), sequence);
      }
    }
  }

  @Nested
  class OnTheVocabularyOfGpt2 {

    @Test
    void inductionIsAsSharpAndPredictsWithTheMargin() {
      KnownModel known = KnownCircuits.induction(KnownSettings.of(50_257, 1024).start(50_256));
      int[] tokens = known.repeats(11L).withSequences(1).draw().tokens()[0];
      check(known, Role.PREVIOUS_TOKEN, known.head(Role.PREVIOUS_TOKEN), tokens);
      check(known, Role.INDUCTION, known.head(Role.INDUCTION), tokens);
      float[][] logits = Rules.logits(known, tokens);
      for (int d = 51; d < 100; d++) {
        assertThat(Rules.margin(logits[d], tokens[d + 1])).isGreaterThan(20 - 1e-3);
      }
    }
  }

  @Nested
  class InFloat64 {

    @Test
    void theReferenceHasTheSameLogitsAndPatternsAsTheEngine() {
      for (String name : KnownCircuits.names()) {
        for (Normalization norm : List.of(Normalization.NONE, Normalization.LN)) {
          KnownModel known =
              KnownCircuits.named(
                  name, KnownSettings.of(12, 14).heads(2).noise(0.01, 3L).normalization(norm));
          int[] tokens = Rules.startThenRandom(known.settings(), 14, 6L);
          ReferenceRun exact =
              ReferenceTransformer.of(known.model().config(), known.model().weights())
                  .run(new int[][] {tokens});
          float[][] logits = Rules.logits(known, tokens);
          for (int d = 0; d < tokens.length; d++) {
            for (int t = 0; t < 12; t++) {
              assertThat((double) logits[d][t])
                  .as("%s %s", name, norm)
                  .isCloseTo(exact.logits().at(0, d, t), within(2e-4));
            }
          }
          known
              .heads()
              .forEach(
                  (role, heads) -> {
                    Head head = heads.get(0);
                    float[][] a = Rules.attention(known, head, tokens);
                    for (int d = 0; d < tokens.length; d++) {
                      for (int s = 0; s <= d; s++) {
                        assertThat((double) a[d][s])
                            .isCloseTo(
                                exact.get(HookPoint.pattern(head.layer())).at(0, head.head(), d, s),
                                within(1e-5));
                      }
                    }
                  });
        }
      }
    }
  }
}
