package dev.circuitscope.circuits.paths;

import static dev.circuitscope.circuits.paths.FrozenRunTest.EXACT;
import static dev.circuitscope.circuits.paths.FrozenRunTest.MODELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.circuits.Smeared;
import dev.circuitscope.circuits.algebra.Circuits;
import dev.circuitscope.circuits.algebra.KeyPart;
import dev.circuitscope.circuits.heads.AttentionTargets;
import dev.circuitscope.circuits.known.KnownModel;
import dev.circuitscope.circuits.known.Role;
import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.model.AttentionDirection;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class SmearedScoreExpansionTest {

  private static final ScorePart DIRECT = ScorePart.of(HeadPath.DIRECT);

  @Nested
  class TermsOfBothKeys {

    @ParameterizedTest
    @MethodSource(MODELS)
    void sumToTheModelsScores(TransformerConfig config) {
      FrozenReference reference = FrozenReference.of(config);
      boolean causal = config.attention().direction() == AttentionDirection.CAUSAL;
      for (int layer = 0; layer < Math.min(3, config.nLayers()); layer++) {
        Head head = new Head(layer, config.nHeads() - 1);
        for (ScoreOptions options :
            List.of(ScoreOptions.upTo(1).byKey(), ScoreOptions.upTo(1).byKey().bySource())) {
          double[] sum = sum(ScoreExpansion.of(reference.frozen(), head, options));
          for (int i = 0; causal && i < 36; i++) {
            sum[i] = i % 6 > i / 6 ? Double.NEGATIVE_INFINITY : sum[i];
          }
          TensorAssert.assertThat(sum).isCloseTo(reference.scores(head), EXACT);
        }
      }
    }

    private double[] sum(ScoreExpansion scores) {
      double[] sum = new double[36];
      for (ScorePart query : scores.queryParts()) {
        for (ScorePart key : scores.keyParts()) {
          double[] term = scores.scores(query, key).data().asDouble();
          for (int i = 0; i < 36; i++) {
            sum[i] += term[i];
          }
        }
      }
      return sum;
    }

    @ParameterizedTest
    @MethodSource("dev.circuitscope.circuits.Smeared#oneLayer")
    void areSharesOfTheScoresThatPlainKeysGiveAtTheSourceAndBeforeIt(TransformerConfig config) {
      Transformer model = Smeared.random(config);
      int[] tokens = TestModels.tokens(config, 1, 7, 8L)[0];
      Transformer bare = Smeared.withoutSmear(model);
      DoubleTensor plain =
          ReferenceTransformer.of(bare.config(), bare.weights())
              .run(new int[][] {tokens})
              .get(HookPoint.attnScores(0));
      Head head = new Head(0, config.nHeads() - 1);
      ScoreExpansion scores =
          ScoreExpansion.of(FrozenRun.of(model, tokens), head, ScoreOptions.upTo(0).byKey());
      assertThat(scores.keyParts())
          .hasToString("[direct in own key, direct in key before]")
          .containsExactly(DIRECT.in(KeyPart.OWN), DIRECT.in(KeyPart.PREVIOUS));
      INDArray own = scores.scores(DIRECT, DIRECT.in(KeyPart.OWN));
      INDArray before = scores.scores(DIRECT, DIRECT.in(KeyPart.PREVIOUS));
      Circuits circuits = Circuits.of(model);
      double s = circuits.keyShare(head, KeyPart.OWN);
      for (int dest = 0; dest < 7; dest++) {
        assertThat(own.getDouble(dest, 0))
            .isCloseTo(plain.at(0, head.head(), dest, 0), within(1e-10));
        assertThat(before.getDouble(dest, 0)).isZero();
        for (int src = 1; src <= dest; src++) {
          assertThat(own.getDouble(dest, src))
              .isCloseTo(s * plain.at(0, head.head(), dest, src), within(1e-10));
          assertThat(before.getDouble(dest, src))
              .isCloseTo((1 - s) * plain.at(0, head.head(), dest, src - 1), within(1e-10));
        }
      }
    }

    @Test
    void areAllOfOneKeyWhenAlphaIsExtreme() {
      TransformerConfig config =
          Smeared.smeared(TestModels.config(2, Normalization.LN, Positions.STANDARD));
      for (KeyPart all : KeyPart.values()) {
        float alpha = all == KeyPart.OWN ? 100 : -100;
        Transformer model = Smeared.withAlpha(Smeared.random(config), 1, alpha);
        FrozenRun run = FrozenRun.of(model, new int[] {1, 2, 3, 1, 2, 3});
        FrozenScores scores = run.scores(new Head(1, 0));
        INDArray x = run.source(Source.TOKENS, 1);
        INDArray keys = scores.keys(x);
        INDArray part = scores.keys(x, all);
        for (int i = all == KeyPart.OWN ? 0 : 1; i < 6; i++) {
          for (int e = 0; e < config.dHead(); e++) {
            assertThat(part.getDouble(i, e)).isCloseTo(keys.getDouble(i, e), within(1e-12));
          }
        }
      }
    }

    @Test
    void ofPlainKeysAreAllOfTheOwnKey() {
      FrozenReference reference =
          FrozenReference.of(TestModels.config(2, Normalization.LN, Positions.STANDARD));
      ScoreTable table =
          ScoreExpansion.of(
                  reference.frozen(), new Head(1, 0), ScoreOptions.upTo(1).byKey().bySource())
              .table();
      for (ScoreTerm term : table.ranking()) {
        if (term.key().key().orElseThrow() == KeyPart.PREVIOUS) {
          assertThat(term.norm()).isZero();
        }
      }
    }
  }

  @Nested
  class OnTheSmearedInductionModel {

    private final KnownModel known = Smeared.induction();
    private final int[] tokens = {0, 3, 5, 1, 6, 2, 3, 5, 1, 6, 2, 3};

    @Test
    void theTokenInTheKeyBeforeIsWhatMakesTheHeadLookWhereItDoes() {
      ScoreTable table =
          ScoreExpansion.of(
                  FrozenRun.of(known.model(), tokens),
                  known.head(Role.INDUCTION),
                  ScoreOptions.upTo(1).byKey().bySource())
              .table(AttentionTargets.prefixMatching());
      ScoreTerm best = table.ranking().get(0);
      ScorePart embeddings = ScorePart.of(HeadPath.DIRECT, Source.TOKENS);
      assertThat(best.query()).isEqualTo(embeddings);
      assertThat(best.key()).isEqualTo(embeddings.in(KeyPart.PREVIOUS));
      assertThat(best.key()).hasToString("embed: direct in key before");
      assertThat(best.preference()).isGreaterThan(0.99 * table.totalPreference());
      for (ScoreTerm term : table.ranking()) {
        if (term.key().key().orElseThrow() == KeyPart.OWN) {
          // only the first key, which is not smeared
          assertThat(Math.abs(term.preference())).isLessThan(0.2 * table.totalPreference());
        }
      }
    }
  }
}
