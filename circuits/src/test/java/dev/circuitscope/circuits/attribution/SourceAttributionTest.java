package dev.circuitscope.circuits.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.known.KnownCircuits;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.KnownSettings;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.hook.Capture;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Hooks;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Run;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SourceAttributionTest {

  private static final String MODELS =
      "dev.circuitscope.circuits.attribution.AttributedModels#everyKind";

  @ParameterizedTest
  @MethodSource(MODELS)
  void sourcesSumToEachHeadsAttribution(AttributedModels m) {
    DirectLogitAttribution dla =
        DirectLogitAttribution.of(m.model(), m.run(), LogitDirections.perPosition(m.answers()));
    LogitAttribution heads = dla.heads();
    for (int example = 0; example < 2; example++) {
      List<SourceAttribution> all = dla.bySource(example);
      assertThat(all).hasSize(heads.labels().size());
      for (SourceAttribution one : all) {
        for (int dest = 0; dest < 7; dest++) {
          assertThat(one.byDestination()[dest])
              .as("%s at %d", one.head(), dest)
              .isCloseTo(heads.value(one.head().toString()).getDouble(example, dest), within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Normalization.class,
      names = {"NONE", "LN"})
  void eachSourceGivesItsAttentionTimesItsValueAlongTheTokensDirection(Normalization norm) {
    AttributedModels m = AttributedModels.of(TestModels.config(2, norm, Positions.STANDARD));
    ReferenceTransformer reference =
        ReferenceTransformer.of(m.model().config(), m.model().weights());
    ReferenceRun run = reference.run(m.tokens());
    DirectLogitAttribution dla =
        DirectLogitAttribution.of(m.model(), m.run(), LogitDirections.token(3));
    Head head = new Head(1, 2);
    double[][] values = dla.bySource(head, 1).values();
    DoubleTensor a = run.get(HookPoint.pattern(1));
    DoubleTensor v = run.get(HookPoint.v(1));
    double[] wO = reference.weight("blocks.1.attn.W_O");
    double[] wU = reference.weight("unembed.W_U");
    FinalNorm finalNorm = FinalNorm.of(m.model(), m.run());
    for (int dest = 0; dest < 7; dest++) {
      double[] u = new double[6];
      for (int i = 0; i < 6; i++) {
        u[i] = wU[i * 11 + 3];
      }
      double[] q = finalNorm.streamDirection(u, 7 + dest);
      for (int src = 0; src < 7; src++) {
        double expected = 0;
        for (int e = 0; e < 5; e++) {
          for (int i = 0; i < 6; i++) {
            expected += v.at(1, src, 2, e) * wO[(2 * 5 + e) * 6 + i] * q[i];
          }
        }
        assertThat(values[dest][src]).isCloseTo(a.at(1, 2, dest, src) * expected, within(1e-5));
      }
    }
  }

  @Nested
  class OfAHandBuiltInductionHead {

    private final KnownModel known = KnownCircuits.induction(KnownSettings.of(9, 20));
    private final int[][] tokens = {{0, 3, 5, 1, 6, 2, 3, 5, 1, 6, 2}};
    private final Run run = known.model().runWithCache(tokens, Capture.all(), Hooks.none());
    private final SourceAttribution induction =
        DirectLogitAttribution.of(known.model(), run, LogitDirections.nextTokens(tokens))
            .bySource(known.head(Role.INDUCTION), 0);

    @Test
    void allThatRaisesTheNextTokenComesFromItsEarlierOccurrence() {
      for (int dest = 6; dest < 10; dest++) {
        double[] row = induction.values()[dest];
        for (int src = 0; src < 11; src++) {
          if (src != dest - 4) {
            assertThat(row[src]).isCloseTo(0, within(1e-4));
          }
        }
        assertThat(row[dest - 4]).isGreaterThan(10);
      }
      assertThat(induction.top(4)).allSatisfy(e -> assertThat(e.row() - e.column()).isEqualTo(4));
    }

    @Test
    void printsItsLargestEntriesAndGoesToJson() {
      assertThat(induction.toString())
          .startsWith("attribution of L1H0 by source, example 0")
          .contains("  dest   src      logits");
      assertThat(induction.toJson().getAsJsonArray("values")).hasSize(11);
      assertThat(induction.top(0)).isEmpty();
      assertThat(induction.top(1000)).hasSize(121);
      double both = 0;
      for (double x : induction.bySource()) {
        both += x;
      }
      for (double x : induction.byDestination()) {
        both -= x;
      }
      assertThat(both).isCloseTo(0, within(1e-9));
    }
  }

  @Nested
  class Refuses {

    private final AttributedModels two =
        AttributedModels.of(TestModels.config(2, Normalization.LN, Positions.STANDARD));

    @Test
    void headsAndExamplesThatThereAreNot() {
      DirectLogitAttribution dla =
          DirectLogitAttribution.of(two.model(), two.run(), LogitDirections.token(1));
      assertThatThrownBy(() -> dla.bySource(new Head(2, 0), 0))
          .hasMessageContaining("L2H0")
          .hasMessageContaining("2 layers of 3 heads");
      assertThatThrownBy(() -> dla.bySource(new Head(1, 0), 2)).hasMessageContaining("example 2");
      assertThatThrownBy(() -> new SourceAttribution(new Head(0, 0), 0, new double[2][3]))
          .hasMessageContaining("3 sources for 2 destinations");
    }

    @Test
    void runsThatDidNotKeepPatternsAndValues() {
      Run bare =
          two.model()
              .runWithCache(two.tokens(), Capture.matching(p -> !p.site().inBlock()), Hooks.none());
      DirectLogitAttribution dla =
          DirectLogitAttribution.of(two.model(), bare, LogitDirections.token(1));
      assertThatThrownBy(() -> dla.bySource(0)).hasMessageContaining("hook_pattern");
    }
  }
}
