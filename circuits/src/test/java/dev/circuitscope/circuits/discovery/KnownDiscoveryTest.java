package dev.circuitscope.circuits.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Pruning known models at the documented threshold")
class KnownDiscoveryTest {

  private static final int SEQUENCES = 16;

  private static final List<KnownSettings> SETTINGS =
      List.of(
          KnownSettings.of(30, 24),
          KnownSettings.of(30, 24).heads(4).noise(0.01, 7L),
          KnownSettings.of(12, 17).heads(3).layers(3).noise(0.01, 5L),
          KnownSettings.of(100, 40).heads(2).start(7).noise(0.005, 3L),
          KnownSettings.of(200, 32).heads(2).noise(0.01, 3L),
          KnownSettings.of(40, 150).heads(2).noise(0.01, 6L));

  static Stream<Arguments> circuits() {
    return KnownCircuits.names().stream()
        .flatMap(name -> SETTINGS.stream().map(settings -> Arguments.of(name, settings)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("circuits")
  @DisplayName("finds every edge and no other")
  void exact(String name, KnownSettings settings) {
    assertExact(KnownCircuits.named(name, settings), SETTINGS.indexOf(settings));
  }

  @ParameterizedTest
  @MethodSource("dev.circuitscope.circuits.known.KnownCircuits#names")
  @DisplayName("finds them whatever the tokens and the noise")
  void seeds(String name) {
    for (long seed = 10; seed < 14; seed++) {
      KnownSettings settings = KnownSettings.of(15, 17).heads(3).noise(0.01, seed);
      assertExact(KnownCircuits.named(name, settings), seed);
    }
  }

  @Test
  @DisplayName("finds them wherever the heads are, and with positions beside the stream")
  void places() {
    KnownSettings settings =
        KnownSettings.of(25, 20)
            .layers(3)
            .heads(3)
            .place(Role.PREVIOUS_TOKEN, 0, 2)
            .place(Role.INDUCTION, 2, 1)
            .noise(0.01, 2L);
    assertExact(KnownCircuits.induction(settings), 5L);
    for (String name : List.of("induction", "smeared-induction", "skip-trigrams", "copying")) {
      assertExact(KnownCircuits.named(name, settings.positions(Positions.SHORTFORMER)), 6L);
    }
  }

  @Test
  @DisplayName("finds the direct path of a table of bigrams")
  void bigrams() {
    double[][] table = {{0, 3, 1}, {2, 0, 0}, {1, 0, 5}};
    assertExact(KnownCircuits.bigram(table, 8), 1L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("finds the composition with corrupted tokens too, but nothing that is constant")
  void corrupted(boolean layerNorm) {
    KnownSettings settings = KnownSettings.of(30, 24).heads(3);
    EdgeAgreement agreement = corruptedAgreement("induction", settings, layerNorm);
    assertThat(agreement.extra()).isEmpty();
    // that there is a position, and that position 0 holds the start token, is the same in both
    assertThat(agreement.missing())
        .containsExactlyInAnyOrder(
            new Edge(Sender.positions(), Receiver.query(1, 0)),
            new Edge(Sender.tokens(), Receiver.key(1, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "previous-token",
        "duplicate-token",
        "previous-previous-token",
        "copying",
        "anti-copying",
        "uniform",
        "zero"
      })
  @DisplayName("finds every edge of a model with LayerNorm, whose scale zeros would change")
  void layerNorm(String name) {
    KnownSettings settings = KnownSettings.of(20, 17).heads(2);
    assertThat(corruptedAgreement(name, settings, true).exact()).isTrue();
  }

  private static EdgeAgreement corruptedAgreement(
      String name, KnownSettings settings, boolean layerNorm) {
    KnownModel known =
        KnownCircuits.named(
            name, layerNorm ? settings.normalization(Normalization.LN) : settings.noise(0.01, 7L));
    EdgeReference others =
        EdgeReference.corrupted(known.exercises(SEQUENCES, 2L)).shuffledPositions(3L);
    return EdgePruning.of(
            known.model(), known.exercises(SEQUENCES, 1L), others, KnownModel.DISCOVERY_THRESHOLD)
        .prune()
        .agreement(known.edges());
  }

  @Test
  @DisplayName("has an area under the curve of 1")
  void curve() {
    KnownModel known = KnownCircuits.previousPreviousToken(KnownSettings.of(20, 17).heads(2));
    EdgePruning pruning =
        EdgePruning.of(known.model(), known.exercises(8, 1L), EdgeReference.zero(), 1);
    double[] thresholds = {10, KnownModel.DISCOVERY_THRESHOLD, 100};
    AgreementCurve curve = AgreementCurve.of(pruning, thresholds, known.edges());
    assertThat(curve.points().get(0).agreement().exact()).isTrue();
    assertThat(curve.points().get(2).agreement().recall()).isZero();
    assertThat(curve.area()).isEqualTo(1);
  }

  private static void assertExact(KnownModel known, long seed) {
    PrunedCircuit pruned =
        EdgePruning.of(
                known.model(),
                known.exercises(SEQUENCES, seed),
                EdgeReference.zero(),
                KnownModel.DISCOVERY_THRESHOLD)
            .prune();
    EdgeAgreement agreement = pruned.agreement(known.edges());
    assertThat(agreement.exact()).as("%s: %s%n%s", known.name(), agreement, pruned).isTrue();
    assertThat(agreement.precision()).isEqualTo(1);
    assertThat(agreement.recall()).isEqualTo(1);
  }
}
