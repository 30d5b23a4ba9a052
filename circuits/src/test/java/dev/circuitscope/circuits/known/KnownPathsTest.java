package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.heads.AttentionTargets;
import dev.circuitscope.circuits.paths.FrozenRun;
import dev.circuitscope.circuits.paths.HeadPath;
import dev.circuitscope.circuits.paths.PathExpansion;
import dev.circuitscope.circuits.paths.PathRanking;
import dev.circuitscope.circuits.paths.ScoreExpansion;
import dev.circuitscope.circuits.paths.ScorePart;
import dev.circuitscope.circuits.paths.ScoreTable;
import dev.circuitscope.circuits.paths.ScoreTerm;
import dev.circuitscope.circuits.paths.TermImportance;
import dev.circuitscope.circuits.paths.VirtualHeads;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class KnownPathsTest {

  private static final List<KnownSettings> SETTINGS =
      List.of(
          KnownSettings.of(20, 24).heads(3).place(Role.PREVIOUS_TOKEN, 0, 1),
          KnownSettings.of(20, 24).heads(3).place(Role.INDUCTION, 1, 2).noise(0.01, 4L),
          KnownSettings.of(20, 24).normalization(Normalization.LN).heads(2));

  private static HeadPath composed(KnownModel known) {
    Edge edge = known.compositions().get(0);
    return HeadPath.of(((Sender.OfHead) edge.from()).head(), ((Receiver.OfHead) edge.to()).head());
  }

  /** How far noise in other heads may move a loss or a share. */
  private static double off(KnownSettings settings) {
    return settings.distractors().deviation() > 0 ? 0.02 : 1e-4;
  }

  /** The start token, then blocks of distinct tokens of some length, cut at 24. */
  private static int[][] repeats(int period) {
    int[][] sequences = new int[4][24];
    for (int i = 0; i < 4; i++) {
      for (int t = 1; t < 24; t++) {
        sequences[i][t] = 1 + (3 * i + (t - 1) % period) % 19;
      }
    }
    return sequences;
  }

  @Nested
  class ScoresOfTheInductionHead {

    private final AttentionTargets afterEarlierOccurrences =
        (sequence, tokens) -> {
          int[][] targets = new int[tokens.length][];
          for (int d = 0; d < tokens.length; d++) {
            int[] found = Rules.sources(Role.INDUCTION, tokens, d);
            targets[d] = found[0] == 0 ? new int[0] : found;
          }
          return targets;
        };

    @Test
    void comeFromTheKCompositionTerm() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.induction(settings);
        Head previous = known.head(Role.PREVIOUS_TOKEN);
        Head induction = known.head(Role.INDUCTION);
        FrozenRun run = FrozenRun.of(known.model(), repeats(11)[0]);
        ScoreTable table = ScoreExpansion.of(run, induction).table(afterEarlierOccurrences);
        ScoreTerm composed =
            table.term(ScorePart.of(HeadPath.DIRECT), ScorePart.of(HeadPath.of(previous)));
        assertThat(table.ranking().get(0)).isEqualTo(composed);
        assertThat(composed.preference()).isGreaterThan(0.9 * table.totalPreference());
        for (ScoreTerm other : table.ranking().subList(1, table.ranking().size())) {
          assertThat(Math.abs(other.preference())).isLessThan(0.1 * composed.preference());
        }
      }
    }

    @Test
    void ofThePointerCircuitComeFromTheQCompositionTerm() {
      KnownModel known = KnownCircuits.pointerInduction(SETTINGS.get(0));
      Head duplicate = known.head(Role.DUPLICATE_TOKEN);
      FrozenRun run = FrozenRun.of(known.model(), repeats(11)[0]);
      ScoreTable table =
          ScoreExpansion.of(run, known.head(Role.INDUCTION)).table(afterEarlierOccurrences);
      ScoreTerm composed =
          table.term(ScorePart.of(HeadPath.of(duplicate)), ScorePart.of(HeadPath.DIRECT));
      assertThat(table.ranking().get(0)).isEqualTo(composed);
      assertThat(composed.preference()).isGreaterThan(0.9 * table.totalPreference());
    }
  }

  @Nested
  class LogitsOfTheVirtualHead {

    @Test
    void areOnePathOfTwoHeads() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.previousPreviousToken(settings);
        FrozenRun run = FrozenRun.of(known.model(), repeats(3)[1]);
        PathExpansion paths = PathExpansion.of(run, 2);
        assertThat(paths.top(1, PathRanking.SHARE).get(0).path()).isEqualTo(composed(known));
        assertThat(paths.term(composed(known)).size().share()).isCloseTo(1, within(off(settings)));
        assertThat(paths.term(HeadPath.DIRECT).size().share()).isCloseTo(0, within(off(settings)));
      }
    }

    @Test
    void areWorthAllThatTheModelKnowsInTheSecondOrderOnly() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.previousPreviousToken(settings);
        TermImportance importance = TermImportance.of(known.model(), repeats(3));
        assertThat(importance.loss(0).mean()).isCloseTo(Math.log(20), within(off(settings)));
        assertThat(importance.reduction(1).mean()).isCloseTo(0, within(off(settings)));
        // Nothing is predicted of the first three tokens, out of 23.
        double known20 = Math.log(20) * 20 / 23;
        assertThat(importance.reduction(2).mean()).isCloseTo(known20, within(off(settings)));
      }
    }

    @Test
    void nameThePairAmongAllVirtualHeads() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.previousPreviousToken(settings);
        VirtualHeads virtual = VirtualHeads.of(known.model(), repeats(3));
        assertThat(virtual.ranking().get(0).path()).isEqualTo(composed(known));
        assertThat(virtual.ranking().get(0).added().mean())
            .isCloseTo(virtual.together().mean(), within(off(settings)));
        assertThat(virtual.ranking().get(1).added().mean()).isLessThan(off(settings));
      }
    }

    @Test
    void attendTwoTokensBackInTheirPattern() {
      KnownModel known = KnownCircuits.previousPreviousToken(SETTINGS.get(0));
      FrozenRun run = FrozenRun.of(known.model(), repeats(5)[2]);
      var pattern = run.pattern(composed(known));
      for (int d = 2; d < 24; d++) {
        assertThat(pattern.getDouble(d, d - 2)).isCloseTo(1, within(1e-6));
      }
    }
  }

  @Nested
  class LogitsOfInduction {

    @Test
    void areOneSingleHeadSinceKCompositionActsThroughThePattern() {
      for (KnownSettings settings : SETTINGS) {
        KnownModel known = KnownCircuits.induction(settings);
        TermImportance importance = TermImportance.of(known.model(), repeats(8));
        assertThat(importance.loss(0).mean()).isCloseTo(Math.log(20), within(off(settings)));
        // From position 9 on, 14 of the 23 tokens are second and third copies.
        double learnt = Math.log(20) * 14 / 23;
        assertThat(importance.reduction(1).mean()).isCloseTo(learnt, within(off(settings)));
        assertThat(importance.reduction(2).mean()).isCloseTo(0, within(off(settings)));
        PathExpansion paths = PathExpansion.of(FrozenRun.of(known.model(), repeats(8)[0]), 2);
        assertThat(paths.top(1, PathRanking.SHARE).get(0).path())
            .isEqualTo(HeadPath.of(known.head(Role.INDUCTION)));
      }
    }
  }
}
