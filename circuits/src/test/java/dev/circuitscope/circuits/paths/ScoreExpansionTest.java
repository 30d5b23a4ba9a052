package dev.circuitscope.circuits.paths;

import static dev.circuitscope.circuits.paths.FrozenRunTest.EXACT;
import static dev.circuitscope.circuits.paths.FrozenRunTest.MODELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.heads.AttentionTargets;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ScoreExpansionTest {

  private static FrozenReference model(int layers, Positions positions) {
    return FrozenReference.of(TestModels.config(layers, Normalization.LN, positions));
  }

  /** All terms, with the model's mask. */
  private static double[] sum(ScoreExpansion scores, boolean causal) {
    double[] sum = new double[36];
    for (ScorePart query : scores.queryParts()) {
      for (ScorePart key : scores.keyParts()) {
        double[] term = scores.scores(query, key).data().asDouble();
        for (int i = 0; i < 36; i++) {
          sum[i] += term[i];
        }
      }
    }
    for (int i = 0; causal && i < 36; i++) {
      if (i % 6 > i / 6) {
        assertThat(sum[i]).isZero();
        sum[i] = Double.NEGATIVE_INFINITY;
      }
    }
    return sum;
  }

  private static boolean causal(TransformerConfig config) {
    return config.attention().direction() == AttentionDirection.CAUSAL;
  }

  @Nested
  class TermsSumToTheModelsScores {

    @ParameterizedTest
    @MethodSource(MODELS)
    void ofEveryHead(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      FrozenRun run = reference.frozen();
      for (int layer = 0; layer < Math.min(3, config.nLayers()); layer++) {
        for (Head head : run.heads(layer)) {
          ScoreExpansion scores = ScoreExpansion.of(run, head);
          TensorAssert.assertThat(sum(scores, causal(config)))
              .isCloseTo(reference.scores(head), EXACT);
          TensorAssert.assertThat(scores.total().data().asDouble())
              .isCloseTo(reference.scores(head), EXACT);
        }
      }
    }

    @ParameterizedTest
    @MethodSource(MODELS)
    void withEachSourceApart(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      FrozenRun run = reference.frozen();
      for (int layer = 0; layer < Math.min(2, config.nLayers()); layer++) {
        Head head = new Head(layer, 0);
        ScoreExpansion scores = ScoreExpansion.of(run, head, ScoreOptions.upTo(2).bySource());
        TensorAssert.assertThat(sum(scores, causal(config)))
            .isCloseTo(reference.scores(head), EXACT);
      }
    }

    @Test
    void whateverOrderIsTheLastThatIsListed() {
      FrozenReference reference = model(4, Positions.STANDARD);
      Head head = new Head(3, 1);
      for (int order = 0; order <= 2; order++) {
        ScoreExpansion scores =
            ScoreExpansion.of(reference.frozen(), head, ScoreOptions.upTo(order));
        TensorAssert.assertThat(sum(scores, true)).isCloseTo(reference.scores(head), EXACT);
      }
    }
  }

  @Nested
  class TheParts {

    @Test
    void ofASecondLayerHeadAreTheDirectPathAndEveryHeadBefore() {
      ScoreExpansion scores = ScoreExpansion.of(model(2, Positions.NONE).frozen(), new Head(1, 0));
      assertThat(scores.queryParts().toString()).isEqualTo("[direct, L0H0, L0H1, L0H2]");
      assertThat(scores.keyParts()).isEqualTo(scores.queryParts());
    }

    @Test
    void keepPathsBeyondTheOrderTogether() {
      ScoreExpansion scores = ScoreExpansion.of(model(3, Positions.NONE).frozen(), new Head(2, 0));
      assertThat(scores.keyParts()).hasSize(8);
      assertThat(scores.keyParts().get(7)).hasToString("deeper");
    }

    @Test
    void haveThePositionsThatAShortformerReadsBesideTheStream() {
      FrozenRun run = model(2, Positions.SHORTFORMER).frozen();
      ScoreExpansion scores =
          ScoreExpansion.of(run, new Head(1, 0), ScoreOptions.upTo(0).bySource());
      assertThat(scores.queryParts().toString())
          .isEqualTo("[embed: direct, biases: direct, pos_embed: direct, deeper]");
    }

    @Test
    void thatDoNotExistAreRefusedByName() {
      ScoreExpansion scores = ScoreExpansion.of(model(2, Positions.NONE).frozen(), new Head(1, 0));
      ScorePart direct = ScorePart.of(HeadPath.DIRECT);
      assertThatThrownBy(() -> scores.scores(direct, ScorePart.of(HeadPath.DIRECT, Source.TOKENS)))
          .hasMessage(
              "the scores have no part 'embed: direct'; there are [direct, L0H0, L0H1, L0H2]");
    }
  }

  @Nested
  class ATable {

    private final FrozenReference reference = model(2, Positions.STANDARD);
    private final Head head = new Head(1, 2);
    private final AttentionTargets targets =
        (sequence, tokens) -> new int[][] {{}, {}, {0, 1}, {}, {1}, {3}};

    @Test
    void hasTheNormShareAndPreferenceOfScoresLessTheirRowsMean() {
      ScoreExpansion scores = ScoreExpansion.of(reference.frozen(), head);
      ScoreTable table = scores.table(targets);
      double[] all = centred(scores.total());
      double shares = 0;
      double preferences = 0;
      for (ScoreTerm term : table.ranking()) {
        double[] x = centred(scores.scores(term.query(), term.key()));
        assertThat(term.norm()).isCloseTo(Math.sqrt(dot(x, x) / 21), within(1e-10));
        assertThat(term.share()).isCloseTo(dot(x, all) / dot(all, all), within(1e-10));
        assertThat(term.preference()).isCloseTo((x[12] + x[13] + x[25] + x[33]) / 4, within(1e-10));
        assertThat(table.term(term.query(), term.key())).isEqualTo(term);
        shares += term.share();
        preferences += term.preference();
      }
      assertThat(shares).isCloseTo(1, within(1e-10));
      assertThat(preferences).isCloseTo(table.totalPreference(), within(1e-10));
      assertThat(table.ranking()).hasSize(16);
      assertThat(table.ranking().stream().map(ScoreTerm::preference).toList())
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void withoutTargetsHasNoPreferencesAndRanksByShare() {
      ScoreTable table = ScoreExpansion.of(reference.frozen(), head).table();
      assertThat(table.totalPreference()).isNaN();
      assertThat(table.ranking().stream().map(ScoreTerm::share).toList())
          .isSortedAccordingTo((a, b) -> Double.compare(b, a));
      assertThat(table.toString()).startsWith("attention scores of L1H2: 16 terms");
      assertThat(table.toJson().getAsJsonArray("shares")).hasSize(4);
    }

    @Test
    void overManySequencesHasTheMeansOfEach() {
      int[][] sequences = TestModels.tokens(reference.model.config(), 3, 6, 4);
      FrozenRuns runs = FrozenRuns.of(reference.model, sequences);
      ScoreTable mean = ScoreTable.mean(runs, head, ScoreOptions.upTo(1), targets);
      double[][] expected = new double[4][4];
      for (int[] sequence : sequences) {
        double[][] one =
            ScoreExpansion.of(FrozenRun.of(reference.model, sequence), head)
                .table(targets)
                .preferences();
        for (int i = 0; i < 16; i++) {
          expected[i / 4][i % 4] += one[i / 4][i % 4] / 3;
        }
      }
      for (int q = 0; q < 4; q++) {
        assertThat(mean.preferences()[q]).containsExactly(expected[q], within(1e-12));
      }
    }

    @Test
    void refusesTargetsThatAreMaskedOrMissing() {
      ScoreExpansion scores = ScoreExpansion.of(reference.frozen(), head);
      assertThatThrownBy(() -> scores.table((s, t) -> new int[][] {{1}}))
          .hasMessage("position 0 cannot attend to target 1 in a run of 6 positions");
      assertThatThrownBy(() -> scores.table((s, t) -> new int[6][0]))
          .hasMessageContaining("no position of the sequence has a target");
    }

    private double[] centred(INDArray scores) {
      double[] x = scores.dup('c').data().asDouble();
      for (int dest = 0; dest < 6; dest++) {
        double mean = 0;
        for (int src = 0; src <= dest; src++) {
          mean += x[dest * 6 + src] / (dest + 1);
        }
        for (int src = 0; src < 6; src++) {
          x[dest * 6 + src] = src <= dest ? x[dest * 6 + src] - mean : 0;
        }
      }
      return x;
    }

    private double dot(double[] a, double[] b) {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += a[i] * b[i];
      }
      return sum;
    }
  }

  @Test
  void onAHandBuiltInductionModelCompositionWithThePreviousTokensHeadMakesTheHeadLookWhereItDoes() {
    InductionByHand model = new InductionByHand(7, 12);
    int[] tokens = {0, 3, 5, 1, 6, 2, 3, 5, 1, 6, 2, 3};
    ScoreTable table =
        ScoreExpansion.of(FrozenRun.of(model.model(), tokens), InductionByHand.INDUCTION)
            .table((s, t) -> model.targets(t));
    ScoreTerm best = table.ranking().get(0);
    assertThat(best.query()).isEqualTo(ScorePart.of(HeadPath.DIRECT));
    assertThat(best.key()).isEqualTo(ScorePart.of(HeadPath.of(InductionByHand.PREVIOUS)));
    assertThat(best.preference()).isGreaterThan(0.9 * table.totalPreference());
    assertThat(best.share()).isGreaterThan(0.9);
    assertThat(List.of(best.query().toString(), best.key().toString()))
        .containsExactly("direct", "L0H0");
  }
}
