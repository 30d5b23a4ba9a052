package dev.circuitscope.circuits.known;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.circuitscope.circuits.algebra.Composition;
import dev.circuitscope.circuits.edges.Edge;
import dev.circuitscope.circuits.edges.Receiver;
import dev.circuitscope.circuits.edges.Sender;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownModelTest {

  private final KnownSettings settings = KnownSettings.of(20, 30);

  private static List<String> edges(KnownModel known) {
    return known.edges().stream().map(Edge::toString).toList();
  }

  @Nested
  class Edges {

    @Test
    void ofInductionAreAKCompositionAndWhatBothHeadsReadOfEmbeddings() {
      KnownModel known =
          KnownCircuits.induction(
              settings.heads(4).place(Role.PREVIOUS_TOKEN, 0, 1).place(Role.INDUCTION, 1, 2));
      assertThat(edges(known))
          .containsExactly(
              "positions -> L0H1.Q",
              "positions -> L0H1.K",
              "tokens -> L0H1.V",
              "tokens -> L1H2.Q",
              "positions -> L1H2.Q",
              "tokens -> L1H2.K",
              "positions -> L1H2.K",
              "L0H1 -> L1H2.K",
              "tokens -> L1H2.V",
              "L1H2 -> logits");
      assertThat(known.compositions()).hasToString("[L0H1 -> L1H2.K]");
    }

    @Test
    void betweenHeadsAreTheCompositionOfEachCircuit() {
      assertThat(KnownCircuits.pointerInduction(settings).compositions())
          .containsExactly(new Edge(Sender.head(0, 0), Receiver.head(1, 0, Composition.Q)));
      assertThat(KnownCircuits.previousPreviousToken(settings).compositions())
          .hasToString("[L0H0 -> L1H0.V]");
      for (String name : List.of("smeared-induction", "previous-token", "skip-trigrams", "zero")) {
        assertThat(KnownCircuits.named(name, settings).compositions()).isEmpty();
      }
    }

    @Test
    void ofPointerInductionLeaveOutThePositionsByWhichDuplicatesKeepOffThemselves() {
      assertThat(edges(KnownCircuits.pointerInduction(settings)))
          .containsExactly(
              "tokens -> L0H0.Q",
              "tokens -> L0H0.K",
              "tokens -> L0H0.V",
              "positions -> L0H0.V",
              "positions -> L1H0.Q",
              "L0H0 -> L1H0.Q",
              "tokens -> L1H0.K",
              "positions -> L1H0.K",
              "tokens -> L1H0.V",
              "L1H0 -> logits");
    }

    @Test
    void ofAZeroHeadAreNone() {
      assertThat(KnownCircuits.zero(settings).edges()).isEmpty();
      assertThat(edges(KnownCircuits.uniform(settings)))
          .containsExactly("tokens -> L0H0.V", "L0H0 -> logits");
      assertThat(edges(KnownCircuits.bigram(new double[2][2], 3)))
          .containsExactly("tokens -> logits");
    }
  }

  @Nested
  class ExerciseSequences {

    @Test
    void repeatShortBlocksAfterTheStartToken() {
      int[][] tokens = KnownCircuits.copying(settings.start(3)).exercises(9, 1L);
      assertThat(tokens).hasDimensions(9, 17);
      for (int[] sequence : tokens) {
        assertThat(sequence[0]).isEqualTo(3);
        assertThat(Arrays.stream(sequence).skip(1)).doesNotContain(3);
        assertThat(Arrays.stream(sequence).skip(1).distinct().count()).isBetween(4L, 8L);
      }
    }

    @Test
    void ofInductionAlsoDoWithoutIt() {
      int[][] tokens = KnownCircuits.induction(settings).exercises(8, 1L);
      assertThat(Arrays.stream(tokens).filter(sequence -> sequence[0] != 0)).hasSize(2);
    }

    @Test
    void areShorterWhereTheContextIsAndTheSameForTheSameSeed() {
      KnownModel small = KnownCircuits.copying(KnownSettings.of(2, 1));
      assertThat(small.exercises(2, 1L)).isDeepEqualTo(new int[][] {{0}, {0}});
      KnownModel known = KnownCircuits.named("skip-trigrams", settings);
      assertThat(known.words()).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
      assertThat(known.exercises(4, 7L)).isDeepEqualTo(known.exercises(4, 7L));
      assertThat(Arrays.deepEquals(known.exercises(4, 7L), known.exercises(4, 8L))).isFalse();
      assertThat(known.exercises(0, 7L)).isEmpty();
    }
  }

  @Nested
  class Places {

    @Test
    void rolesWithoutOneTakeTheFirstFreeHeadOfTheFirstLayerThatSuits() {
      KnownModel known =
          KnownCircuits.induction(settings.place(Role.PREVIOUS_TOKEN, 1, 1).heads(2));
      assertThat(known.head(Role.PREVIOUS_TOKEN)).isEqualTo(new Head(1, 1));
      assertThat(known.head(Role.INDUCTION)).isEqualTo(new Head(2, 0));
      assertThat(known.model().config().nLayers()).isEqualTo(3);
    }

    @Test
    void skipTrigramsOfSeveralHeadsFillTheLayerOfTheirPlace() {
      KnownModel known =
          KnownCircuits.named("skip-trigrams", settings.place(Role.SKIP_TRIGRAM, 0, 1));
      assertThat(known.heads().get(Role.SKIP_TRIGRAM))
          .containsExactlyInAnyOrder(new Head(0, 0), new Head(0, 1));
    }

    @Test
    void aHeadCannotReadWhatIsWrittenInItsOwnLayer() {
      assertThatThrownBy(() -> KnownCircuits.induction(settings.place(Role.INDUCTION, 0, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("induction head")
          .hasMessageContaining("L0H1")
          .hasMessageContaining("later layer");
    }

    @Test
    void twoRolesCannotShareAHead() {
      KnownSettings same = settings.place(Role.PREVIOUS_TOKEN, 1, 0).place(Role.INDUCTION, 1, 0);
      assertThatThrownBy(() -> KnownCircuits.induction(same)).hasMessageContaining("L1H0");
    }

    @Test
    void tooFewLayersAreRefused() {
      assertThatThrownBy(() -> KnownCircuits.induction(settings.layers(1)))
          .hasMessageContaining("needs 2 layers, the settings have 1");
    }

    @Test
    void aRoleThatACircuitDoesNotHaveIsNamedWithThoseItHas() {
      assertThatThrownBy(() -> KnownCircuits.copying(settings).head(Role.INDUCTION))
          .hasMessageContaining("no induction head")
          .hasMessageContaining("COPYING");
    }
  }

  @Nested
  class Settings {

    @Test
    void outsideTheirRangesAreRefusedWithTheValue() {
      assertThatThrownBy(() -> KnownSettings.of(1, 5)).hasMessageContaining("1 and 5");
      assertThatThrownBy(() -> settings.start(20)).hasMessageContaining("start token 20");
      assertThatThrownBy(() -> settings.leak(0)).hasMessageContaining("leak");
      assertThatThrownBy(() -> settings.leak(0.5)).hasMessageContaining("0.5");
      assertThatThrownBy(() -> settings.margin(-1)).hasMessageContaining("-1.0");
      assertThatThrownBy(() -> settings.noise(1, 0L)).hasMessageContaining("was 1.0");
      assertThatThrownBy(() -> settings.layers(-1)).hasMessageContaining("-1");
      assertThatThrownBy(() -> settings.positions(Positions.ROTARY)).hasMessageContaining("rotary");
      assertThatThrownBy(() -> settings.normalization(Normalization.RMS))
          .hasMessageContaining("RMS");
    }

    @Test
    void whoseCodesAreTooShortForTheSharpnessAreRefusedWithTheRemedy() {
      assertThatThrownBy(
              () -> KnownCircuits.induction(KnownSettings.of(200, 64).coding(Coding.SMALLEST)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("induction head")
          .hasMessageContaining("Coding.AUTOMATIC");
    }
  }

  @Nested
  class Names {

    @Test
    void areThoseOfTheModels() {
      for (String name : KnownCircuits.names()) {
        assertThat(KnownCircuits.named(name, settings).name()).isEqualTo(name);
      }
      assertThatThrownBy(() -> KnownCircuits.named("inducton", settings))
          .hasMessageContaining("inducton")
          .hasMessageContaining("pointer-induction");
    }

    @Test
    void ofSkipTrigramsNeedSixTokens() {
      assertThatThrownBy(() -> KnownCircuits.named("skip-trigrams", KnownSettings.of(5, 8)))
          .hasMessageContaining("vocabulary of 6");
    }
  }

  @Nested
  class Rendering {

    @Test
    void toStringAndJsonNameHeadsEdgesAndScores() {
      KnownModel known = KnownCircuits.induction(settings);
      assertThat(known.toString())
          .startsWith("induction: Transformer(2 layers, attention only")
          .contains("previous token: L0H0", "L0H0 -> L1H0.K", "INDUCTION of L1H0 is 1.000");
      assertThat(known.toJson().getAsJsonObject("heads").get("INDUCTION").getAsString())
          .isEqualTo("L1H0");
      assertThat(known.toJson().getAsJsonArray("edges")).hasSize(known.edges().size());
      assertThat(known.toJson().getAsJsonArray("expected")).hasSize(known.expected().size());
    }

    @Test
    void theModelIsAnOrdinaryOneThatCanBeSaved(@TempDir Path directory) throws IOException {
      KnownModel known = KnownCircuits.smearedInduction(settings);
      known.model().save(directory);
      int[][] tokens = {{0, 3, 4, 3}};
      assertThat(Transformer.load(directory).run(tokens).dup().data().asFloat())
          .containsExactly(known.model().run(tokens).dup().data().asFloat());
    }

    @Test
    void sameSettingsMakeTheSameWeightsAndOtherSeedsOthers() {
      KnownSettings noisy = settings.heads(2).noise(0.01, 3L);
      float[] once = weights(noisy);
      assertThat(weights(noisy)).containsExactly(once);
      assertThat(weights(noisy.noise(0.01, 4L))).isNotEqualTo(once);
    }

    private float[] weights(KnownSettings s) {
      return KnownCircuits.induction(s).model().weights().block().toArray();
    }
  }
}
