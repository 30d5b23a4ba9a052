package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.array.TensorAssert;
import dev.circuitscope.core.array.Tolerance;
import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.hook.HookPoint;
import dev.circuitscope.core.hook.Site;
import dev.circuitscope.core.model.Normalization;
import dev.circuitscope.core.model.Positions;
import dev.circuitscope.core.model.Rotary;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.TransformerConfig;
import dev.circuitscope.core.reference.DoubleTensor;
import dev.circuitscope.core.reference.ReferenceRun;
import dev.circuitscope.core.reference.ReferenceTransformer;
import dev.circuitscope.core.reference.TestModels;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The terms of attention scores, against the scores of the float64 reference. */
class QkTermsTest {

  private static final int LENGTH = 5;

  static Stream<TransformerConfig> everyPositionsAndNormalization() {
    Stream<TransformerConfig> vectors =
        Arrays.stream(Normalization.values())
            .flatMap(
                n ->
                    Arrays.stream(Positions.values())
                        .filter(p -> p != Positions.ROTARY)
                        .map(p -> TestModels.config(1, n, p)));
    Stream<TransformerConfig> rotary =
        Arrays.stream(Normalization.values())
            .map(
                n ->
                    TestModels.config(1, n, Positions.NONE).toBuilder()
                        .rotary(new Rotary(4, 20, Rotary.Pairing.ADJACENT))
                        .smearedKeys(true)
                        .build());
    return Stream.concat(vectors, rotary);
  }

  static Stream<TransformerConfig> everyArchitecture() {
    return TestModels.family().filter(config -> config.nLayers() > 0);
  }

  @ParameterizedTest
  @MethodSource({"everyPositionsAndNormalization", "everyArchitecture"})
  void theySumToTheScoresOfTheFirstLayer(TransformerConfig config) {
    Transformer model = Transformer.of(config, TestModels.weights(config, 4L));
    int[][] tokens = TestModels.tokens(config, 2, LENGTH, 5L);
    ReferenceRun run = ReferenceTransformer.of(config, model.weights()).run(tokens);
    DoubleTensor scores = run.get(HookPoint.attnScores(0));
    Circuits circuits = Circuits.of(model);
    for (int h = 0; h < config.nHeads(); h++) {
      QkTerms terms = circuits.qkTerms(new Head(0, h)).scaled();
      for (int dest = 0; dest < LENGTH; dest++) {
        for (int src = 0; src < LENGTH; src++) {
          double expected = scores.at(1, h, dest, src);
          if (Double.isFinite(expected)) {
            assertThat(smeared(terms, config, tokens[1], scales(run, 1), dest, src))
                .as("%s, [%d, %d] of head %d", config.positions(), dest, src, h)
                .isCloseTo(expected, within(1e-10));
          }
        }
      }
    }
  }

  /** k_j is keyShare k_j + (1 - keyShare) k_(j-1), turned to position j if positions are rotary. */
  private static double smeared(
      QkTerms all, TransformerConfig config, int[] tokens, double[] scale, int dest, int src) {
    boolean rotary = config.positions() == Positions.ROTARY;
    QkTerms terms = rotary ? all.atDistance(dest - src) : all;
    double own = sum(terms, config, tokens, scale, dest, src);
    double share = src == 0 ? 1 : terms.keyShare();
    return share == 1
        ? own
        : share * own + (1 - share) * sum(terms, config, tokens, scale, dest, src - 1);
  }

  private static double sum(
      QkTerms terms, TransformerConfig config, int[] tokens, double[] scale, int dest, int src) {
    double d = 1 / scale[dest];
    double s = 1 / scale[src];
    double sum =
        d * s * terms.tokenToToken().entry(tokens[dest], tokens[src])
            + s * terms.sourceTokenBias()[tokens[src]]
            + d * terms.destinationTokenBias()[tokens[dest]]
            + terms.constant();
    if (terms.hasPositions()) {
      boolean normalized = config.positions() == Positions.STANDARD;
      double pd = normalized ? d : 1;
      double ps = normalized ? s : 1;
      sum +=
          d * ps * terms.tokenToPosition().entry(tokens[dest], src)
              + pd * s * terms.positionToToken().entry(dest, tokens[src])
              + pd * ps * terms.positionToPosition().entry(dest, src)
              + ps * terms.sourcePositionBias()[src]
              + pd * terms.destinationPositionBias()[dest];
    }
    return sum;
  }

  /** The scales of the first normalisation, 1 without one. */
  private static double[] scales(ReferenceRun run, int b) {
    double[] scales = new double[LENGTH];
    DoubleTensor all = run.activations().get(new HookPoint(Site.LN1_SCALE, 0));
    for (int t = 0; t < LENGTH; t++) {
      scales[t] = all == null ? 1 : all.at(b, t, 0);
    }
    return scales;
  }

  @Test
  void theyAreScaledOnceAndOnlyWhenAskedTo() {
    TransformerConfig config = TestModels.config(1, Normalization.LN, Positions.STANDARD);
    Circuits circuits = Circuits.of(Transformer.of(config, TestModels.weights(config, 4L)));
    Head head = new Head(0, 1);
    QkTerms terms = circuits.qkTerms(head);
    assertThat(terms.scale()).isEqualTo(1);
    assertThat(terms.scaled().scale()).isEqualTo(1 / Math.sqrt(5));
    assertThat(terms.scaled().scaled().constant())
        .isCloseTo(terms.constant() / Math.sqrt(5), within(1e-15));
    TensorAssert.assertThat(terms.tokenToToken().product())
        .isCloseTo(circuits.fullQk(head).product(), Tolerance.EXACT);
    assertThat(terms.head()).isEqualTo(head);
    assertThat(terms).hasToString("QkTerms of L0H1: 11 tokens, 9 positions, scale 1.0000");
  }

  @Test
  void distancesOfRotaryPositionsAddUp() {
    TransformerConfig config =
        TestModels.config(1, Normalization.NONE, Positions.NONE).toBuilder()
            .rotary(Rotary.of(4))
            .build();
    Circuits circuits = Circuits.of(Transformer.of(config, TestModels.weights(config, 4L)));
    HeadCircuit head = circuits.head(new Head(0, 2));
    TensorAssert.assertThat(head.atDistance(2).atDistance(-5).qk().product())
        .isCloseTo(head.atDistance(-3).qk().product(), Tolerance.DOUBLES);
    TensorAssert.assertThat(head.atDistance(0).qk().product())
        .isCloseTo(head.qk().product(), Tolerance.EXACT);
    QkTerms terms = circuits.qkTerms(new Head(0, 2));
    assertThat(terms.hasPositions()).isFalse();
    assertThatThrownBy(terms::positionToToken)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no vectors of positions; with rotary positions, see atDistance");
  }

  @Test
  void distancesOfOtherPositionsAreRefused() {
    TransformerConfig config = TestModels.config(1, Normalization.NONE, Positions.SHORTFORMER);
    Circuits circuits = Circuits.of(Transformer.of(config, TestModels.weights(config, 4L)));
    assertThatThrownBy(() -> circuits.qkTerms(new Head(0, 2)).atDistance(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the positions of L0H2 are not rotary");
  }
}
