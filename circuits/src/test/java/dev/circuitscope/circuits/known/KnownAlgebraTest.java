package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.algebra.CompositionScores;
import dev.circuitscope.circuits.algebra.HeadPair;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.heads.EigenvalueScores;
import dev.circuitscope.circuits.heads.TopKCopyingScores;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownAlgebraTest {

  private static final List<KnownSettings> AMONG_NOISE =
      List.of(
          KnownSettings.of(40, 50)
              .heads(4)
              .layers(3)
              .place(Role.PREVIOUS_TOKEN, 0, 1)
              .place(Role.DUPLICATE_TOKEN, 1, 3)
              .place(Role.INDUCTION, 2, 2)
              .place(Role.RELAY, 1, 0)
              .noise(0.01, 31L),
          KnownSettings.of(90, 40).heads(3).normalization(Normalization.LN).noise(0.01, 32L),
          KnownSettings.of(400, 70).heads(3).noise(0.02, 33L));

  private static HeadPair pair(Edge edge) {
    return new HeadPair(((Sender.OfHead) edge.from()).head(), ((Receiver.OfHead) edge.to()).head());
  }

  @Nested
  class CompositionAgainstRandomHeads {

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"induction, K", "pointer-induction, Q", "previous-previous-token, V"})
    void isHighestForTheBuiltPairAndNoOtherPairStandsOut(String name, Composition kind) {
      for (KnownSettings settings : AMONG_NOISE) {
        KnownModel known = KnownCircuits.named(name, settings);
        HeadPair built = pair(known.compositions().get(0));
        CompositionScores scores = CompositionScores.of(Circuits.of(known.model()), kind, 100, 3L);
        assertThat(scores.best()).as("%s", scores).isEqualTo(built);
        double random = scores.baseline().mean();
        assertThat(scores.adjusted(built)).isGreaterThan(0.5 * random);
        for (HeadPair other : scores.ranking().subList(1, scores.ranking().size())) {
          assertThat(scores.raw(other)).as("%s", other).isLessThan(1.15 * random);
        }
      }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
      "induction, Q", "induction, V",
      "pointer-induction, K", "pointer-induction, V",
      "previous-previous-token, Q", "previous-previous-token, K"
    })
    void isZeroForTheBuiltPairOnTheSidesThatDoNotReadIt(String name, Composition kind) {
      for (KnownSettings settings : AMONG_NOISE) {
        KnownModel known = KnownCircuits.named(name, settings);
        HeadPair built = pair(known.compositions().get(0));
        CompositionScores scores = CompositionScores.of(Circuits.of(known.model()), kind, 10, 3L);
        assertThat(scores.raw(built)).isCloseTo(0, within(1e-12));
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"induction", "pointer-induction", "previous-previous-token"})
    void isZeroForEveryOtherPairAmongZeroHeads(String name) {
      KnownModel known = KnownCircuits.named(name, KnownSettings.of(40, 50).heads(3).layers(3));
      Circuits circuits = Circuits.of(known.model());
      for (Composition kind : Composition.values()) {
        CompositionScores scores = CompositionScores.of(circuits, kind, 10, 3L);
        for (HeadPair pair : scores.ranking()) {
          Edge edge =
              new Edge(new Sender.OfHead(pair.earlier()), new Receiver.OfHead(pair.later(), kind));
          boolean built = known.compositions().contains(edge);
          assertThat(scores.raw(pair) > 1e-12).as("%s", edge).isEqualTo(built);
        }
      }
    }

    @Test
    void ofTheInductionPairHasAClosedForm() {
      // W_OV: k + 1 ones. W_QK: k + 1 times beta, and beta times (f, b) times always (2) and -2
      // start (4): with gap 1/3, f = -1/3 and b = 2/3.
      KnownModel known = KnownCircuits.induction(KnownSettings.of(40, 50));
      HeadPair built = pair(known.compositions().get(0));
      double raw =
          CompositionScores.of(Circuits.of(known.model()), Composition.K, 10, 3L).raw(built);
      double rest = 6 * (1 / 9.0 + 4 / 9.0);
      assertThat(raw).isCloseTo(Math.sqrt(40) / Math.sqrt(40 * (40 + rest)), within(1e-6));
    }
  }

  @Nested
  class Copying {

    @Test
    void isBeyondChanceForTheBuiltHeadOnly() {
      for (KnownSettings settings : AMONG_NOISE) {
        for (String name : List.of("induction", "copying")) {
          KnownModel known = KnownCircuits.named(name, settings);
          Head copier = ((Sender.OfHead) known.edges().get(known.edges().size() - 1).from()).head();
          EigenvalueScores scores = EigenvalueScores.ovCopying(Circuits.of(known.model()), 100, 5L);
          assertThat(scores.scores().score(copier)).isCloseTo(1, within(1e-6));
          assertThat(scores.beyondChance(0.01)).as(name).containsExactly(copier);
        }
      }
    }

    @Test
    void isAsFarBelowChanceForTheAntiCopier() {
      KnownModel known = KnownCircuits.antiCopying(AMONG_NOISE.get(0));
      EigenvalueScores scores = EigenvalueScores.ovCopying(Circuits.of(known.model()), 100, 5L);
      Head head = known.head(Role.ANTI_COPYING);
      assertThat(scores.scores().score(head)).isCloseTo(-1, within(1e-6));
      assertThat(scores.zScore(head)).isLessThan(-3);
    }

    @Test
    void reachesEveryTokenButTheStartToken() {
      KnownModel known = KnownCircuits.copying(KnownSettings.of(300, 20).start(299));
      Circuits circuits = Circuits.of(known.model());
      assertThat(TopKCopyingScores.accuracy(circuits.fullOv(new Head(0, 0)), 1))
          .isCloseTo(299 / 300.0, within(1e-12));
    }
  }

  @Nested
  class Matching {

    @Test
    void isOneForTheDuplicateTokenHeadAndBeyondChance() {
      for (KnownSettings settings : AMONG_NOISE) {
        KnownModel known = KnownCircuits.duplicateToken(settings);
        EigenvalueScores scores = EigenvalueScores.qkMatching(Circuits.of(known.model()), 100, 5L);
        Head head = known.head(Role.DUPLICATE_TOKEN);
        assertThat(scores.scores().best()).isEqualTo(head);
        assertThat(scores.scores().score(head)).isCloseTo(1, within(1e-6));
        assertThat(scores.beyondChance(head, 0.01)).isTrue();
      }
    }
  }

  @Nested
  class FullCircuits {

    @Test
    void areTheIdentityTimesGainAndBetaOnTheTokensWithCodes() {
      KnownSettings settings = KnownSettings.of(20, 16).start(19).margin(6);
      Circuits circuits = Circuits.of(KnownCircuits.duplicateToken(settings).model());
      var ov = circuits.fullOv(new Head(0, 0)).product();
      var qk = circuits.fullQk(new Head(0, 0)).product();
      double gain = settings.sharpness().gain(0);
      double beta = settings.sharpness().beta(Role.DUPLICATE_TOKEN, 0.5, 16);
      double root = Math.sqrt(circuits.model().config().dHead());
      for (int i = 0; i < 20; i++) {
        for (int j = 0; j < 20; j++) {
          boolean copied = i == j && i != 19;
          assertThat(ov.getDouble(i, j)).isCloseTo(copied ? gain : 0, within(1e-5));
          assertThat(qk.getDouble(i, j) / root).isCloseTo(i == j ? beta : 0, within(1e-4));
        }
      }
    }
  }
}
