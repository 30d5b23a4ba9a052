package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.learning.CopyLoss;
import dev.circuitscope.circuits.learning.InContextLearning;
import dev.circuitscope.circuits.learning.LossPositions;
import dev.circuitscope.circuits.sampling.RunSettings;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.text.Phrase;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KnownPredictionsTest {

  private static final List<KnownSettings> SETTINGS =
      List.of(
          KnownSettings.of(20, 30),
          KnownSettings.of(20, 30).start(19).margin(5),
          KnownSettings.of(20, 30).normalization(Normalization.LN),
          KnownSettings.of(20, 30).normalization(Normalization.LN).positions(Positions.SHORTFORMER),
          KnownSettings.of(700, 130).normalization(Normalization.LN),
          KnownSettings.of(700, 130).margin(50));

  private static void assertPredicts(KnownModel known, float[] logits, int token) {
    double margin = known.settings().sharpness().margin();
    assertThat(Rules.margin(logits, token))
        .as("margin of %d by %s", token, known.name())
        .isGreaterThan(margin - 1e-3);
  }

  @Nested
  class Induction {

    @Test
    void predictsTheTokenAfterTheEarlierOccurrenceWithTheMargin() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.induction(settings);
        int[] tokens = {settings.start(), 3, 8, 5, 3, 8, 5, 3};
        float[][] logits = Rules.logits(known, tokens);
        assertPredicts(known, logits[4], 8);
        assertPredicts(known, logits[5], 5);
        assertPredicts(known, logits[6], 3);
        assertPredicts(known, logits[7], 8);
      }
    }

    @Test
    void predictsNothingAtRest() {
      for (KnownSettings settings : SETTINGS) {
        float[][] logits =
            Rules.logits(KnownCircuits.induction(settings), new int[] {settings.start(), 3, 8, 5});
        for (float[] row : logits) {
          assertThat(Rules.spread(row, Set.of())).isLessThan(1e-4);
        }
      }
    }

    @Test
    void copiesATokenThatStandsTwiceInARow() {
      KnownModel known = KnownCircuits.induction(KnownSettings.of(20, 30));
      assertPredicts(known, Rules.logits(known, new int[] {0, 3, 3})[2], 3);
    }

    @Test
    void hasTheLossOfAUniformGuessOnTheFirstCopyAndNoneOnTheSecond() {
      KnownModel known = KnownCircuits.induction(KnownSettings.of(40, 70));
      CopyLoss loss = CopyLoss.of(known.model(), known.repeats(4L), RunSettings.plain());
      assertThat(loss.first().mean()).isCloseTo(Math.log(40), within(1e-4));
      assertThat(loss.second().mean()).isLessThan(1e-6);
      InContextLearning score =
          InContextLearning.of(
              known.model(),
              known.repeats(4L).draw().tokens(),
              new LossPositions(5, 60),
              RunSettings.plain());
      assertThat(score.score().mean()).isCloseTo(-Math.log(40), within(1e-4));
    }

    @Test
    void byPointersPredictsTheSame() {
      for (KnownSettings settings : SETTINGS) {
        if (settings.positions() == Positions.STANDARD) {
          KnownModel known = KnownCircuits.pointerInduction(settings);
          int[] tokens = {settings.start(), 3, 8, 5, 3, 8, 5, 3};
          float[][] logits = Rules.logits(known, tokens);
          assertThat(Rules.spread(logits[3], Set.of())).isLessThan(1e-4);
          assertPredicts(known, logits[4], 8);
          assertPredicts(known, logits[7], 8);
        }
      }
    }

    @Test
    void bySmearedKeysPredictsTheSameButForHalfACopyAtRest() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.smearedInduction(settings);
        int[] tokens = {settings.start(), 3, 8, 5, 3, 8};
        float[][] logits = Rules.logits(known, tokens);
        assertPredicts(known, logits[4], 8);
        assertPredicts(known, logits[5], 5);
        double margin = settings.sharpness().margin();
        assertThat(Rules.margin(logits[3], 3)).isGreaterThan(margin / 2 - 1e-3);
      }
    }
  }

  @Nested
  class OneHead {

    @Test
    void movesWhatItsRoleSays() {
      for (KnownSettings settings : SETTINGS) {
        int[] tokens = {settings.start(), 3, 8, 5, 8};
        KnownModel previous = KnownCircuits.previousToken(settings);
        assertPredicts(previous, Rules.logits(previous, tokens)[3], 8);
        KnownModel duplicate = KnownCircuits.duplicateToken(settings);
        assertPredicts(duplicate, Rules.logits(duplicate, tokens)[4], 8);
        assertThat(Rules.spread(Rules.logits(duplicate, tokens)[3], Set.of())).isLessThan(1e-4);
        KnownModel twoBack = KnownCircuits.previousPreviousToken(settings);
        assertPredicts(twoBack, Rules.logits(twoBack, tokens)[3], 3);
        assertThat(Rules.spread(Rules.logits(twoBack, tokens)[2], Set.of())).isLessThan(1e-4);
        KnownModel copying = KnownCircuits.copying(settings);
        assertPredicts(copying, Rules.logits(copying, tokens)[3], 5);
        float[] lowered = Rules.logits(KnownCircuits.antiCopying(settings), tokens)[3];
        for (int t = 0; t < lowered.length; t++) {
          lowered[t] = -lowered[t];
        }
        assertPredicts(copying, lowered, 5);
      }
    }

    @Test
    void withUniformAttentionAddsEachTokensShareOfWhatItSees() {
      KnownModel known = KnownCircuits.uniform(KnownSettings.of(20, 30).margin(12));
      float[][] logits = Rules.logits(known, new int[] {0, 3, 8, 3, 3});
      double gain = known.settings().sharpness().gain(0);
      assertThat((double) logits[4][3]).isCloseTo(gain * 3 / 5, within(1e-4));
      assertThat((double) logits[4][8]).isCloseTo(gain / 5, within(1e-4));
      assertThat((double) logits[4][0]).isZero();
    }

    @Test
    void withoutWeightsChangesNothing() {
      KnownModel known = KnownCircuits.zero(KnownSettings.of(20, 30));
      for (float[] row : Rules.logits(known, new int[] {0, 3, 8, 3})) {
        assertThat(row).containsOnly(0);
      }
    }
  }

  @Nested
  class SkipTrigrams {

    private final List<Phrase> triples =
        List.of(
            new Phrase(1, 2, 4),
            new Phrase(1, 3, 5),
            new Phrase(6, 2, 5),
            new Phrase(6, 3, 5),
            new Phrase(7, 8, 1),
            new Phrase(7, 8, 2));

    @Test
    void arePredictedExactlyAndNothingElseIsOfAllTriples() {
      for (KnownSettings settings :
          List.of(
              KnownSettings.of(10, 6).margin(8),
              KnownSettings.of(10, 6).normalization(Normalization.LN).heads(3),
              KnownSettings.of(10, 6).start(9).place(Role.SKIP_TRIGRAM, 1, 1).layers(2))) {
        KnownModel known = KnownCircuits.skipTrigrams(settings, triples);
        int filler = settings.start() == 9 ? 0 : 9;
        for (int source = 0; source < 10; source++) {
          for (int destination = 0; destination < 10; destination++) {
            if (source == settings.start() || destination == settings.start()) {
              continue;
            }
            int[] tokens = {settings.start(), source, filler, destination};
            checkOuts(known, tokens, source, destination);
          }
        }
      }
    }

    private void checkOuts(KnownModel known, int[] tokens, int source, int destination) {
      float[] logits = Rules.logits(known, tokens)[3];
      Set<Integer> outs =
          triples.stream()
              .filter(t -> t.source() == source && t.destination() == destination)
              .map(Phrase::out)
              .collect(java.util.stream.Collectors.toSet());
      assertThat(Rules.spread(logits, outs)).as("%d %d", source, destination).isLessThan(1e-4);
      double least = known.settings().sharpness().margin() - 1e-3;
      int other = outs.contains(9) ? 0 : known.settings().start();
      outs.forEach(out -> assertThat(logits[out] - logits[other]).isGreaterThan((float) least));
    }

    @Test
    void takeASecondHeadOnlyWhereOneWouldConfuseThem() {
      KnownSettings settings = KnownSettings.of(10, 6);
      KnownModel both = KnownCircuits.skipTrigrams(settings, triples);
      assertThat(both.heads().get(Role.SKIP_TRIGRAM)).hasSize(2);
      assertThat(
              KnownCircuits.skipTrigrams(settings, triples.subList(1, 6))
                  .heads()
                  .get(Role.SKIP_TRIGRAM))
          .hasSize(1);
      assertThatThrownBy(() -> KnownCircuits.skipTrigrams(settings.heads(1), triples))
          .hasMessageContaining("needs 2 heads per layer, the settings have 1");
    }

    @Test
    void areTheSameInALargeVocabularyWithAStreamOfAFewDimensions() {
      KnownSettings settings = KnownSettings.of(50_257, 16).start(50_256);
      KnownModel known = KnownCircuits.skipTrigrams(settings, triples);
      assertThat(known.model().config().dModel()).isLessThan(64);
      int[] tokens = {50_256, 1, 40_000, 3};
      assertPredicts(known, Rules.logits(known, tokens)[3], 5);
      assertThat(Rules.spread(Rules.logits(known, tokens)[2], Set.of())).isLessThan(1e-4);
    }

    @Test
    void mayNotHaveTheStartTokenOrTokensOutsideTheVocabulary() {
      KnownSettings settings = KnownSettings.of(10, 6);
      assertThatThrownBy(() -> KnownCircuits.skipTrigrams(settings, List.of(new Phrase(0, 1, 2))))
          .hasMessageContaining("0 ... 1 -> 2")
          .hasMessageContaining("start token 0");
      assertThatThrownBy(() -> KnownCircuits.skipTrigrams(settings, List.of(new Phrase(1, 2, 10))))
          .hasMessageContaining("vocabulary of 10");
      assertThatThrownBy(() -> KnownCircuits.skipTrigrams(settings, List.of()))
          .hasMessageContaining("there are none");
    }
  }

  @Nested
  class Bigrams {

    @Test
    void areTheTable() {
      double[][] table = {{0.5, -1, 2}, {3, -30, 0.25}};
      KnownModel known = KnownCircuits.bigram(table, 4);
      float[][] logits = Rules.logits(known, new int[] {1, 0, 1});
      assertThat(logits[0]).containsExactly(3, -30, 0.25f);
      assertThat(logits[1]).containsExactly(0.5f, -1, 2);
      assertThat(logits[2]).containsExactly(3, -30, 0.25f);
    }

    @Test
    void ofRaggedOrInfiniteTablesAreRefused() {
      assertThatThrownBy(() -> KnownCircuits.bigram(new double[][] {{1, 2}, {1}}, 2))
          .hasMessageContaining("equal length");
      assertThatThrownBy(() -> KnownCircuits.bigram(new double[0][], 2))
          .hasMessageContaining("0 rows");
      double[][] infinite = {{0, Double.NEGATIVE_INFINITY}, {0, 0}};
      assertThatThrownBy(() -> KnownCircuits.bigram(infinite, 2)).hasMessageContaining("-30");
    }
  }
}
