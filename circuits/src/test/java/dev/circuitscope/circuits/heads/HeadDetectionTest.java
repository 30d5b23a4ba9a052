package dev.circuitscope.circuits.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.core.hook.Head;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.model.Weights;
import dev.circuitscope.core.reference.Golden;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HeadDetectionTest {

  /** TransformerLens's detect_head on example 1; it rounds abs to three decimals. */
  @ParameterizedTest
  @MethodSource("dev.circuitscope.core.reference.Golden#all")
  void scoresAreTransformerLenss(String name) {
    Golden golden = Golden.read(name);
    assertDetected(golden, "previous_token", DetectionPattern::previousToken);
    assertDetected(golden, "duplicate_token", DetectionPattern::duplicateToken);
    assertDetected(golden, "induction", DetectionPattern::induction);
  }

  private static void assertDetected(
      Golden golden, String kind, Function<int[], DetectionPattern> pattern) {
    Transformer model =
        Transformer.of(golden.config(), Weights.of(golden.config(), golden.group("weights.")));
    int[] tokens = golden.tokens()[1];
    HeadScores mul = HeadDetection.of(model, tokens, pattern.apply(tokens), Detection.mul());
    HeadScores abs = HeadDetection.of(model, tokens, pattern.apply(tokens), Detection.abs());
    INDArray expectedMul = golden.get("detect." + kind + "_head.mul");
    INDArray expectedAbs = golden.get("detect." + kind + "_head.abs");
    for (Head head : mul.ranking()) {
      assertThat(mul.score(head))
          .as("%s mul of %s in %s", kind, head, golden)
          .isCloseTo(expectedMul.getDouble(head.layer(), head.head()), within(1e-5));
      assertThat(abs.score(head))
          .as("%s abs of %s in %s", kind, head, golden)
          .isCloseTo(expectedAbs.getDouble(head.layer(), head.head()), within(0.000501));
    }
  }

  @Nested
  class OnAPatternWrittenOut {

    /** Half of the last row's attention is at 0, a quarter each at 1 and 2. */
    private final INDArray attention =
        Nd4j.createFromArray(new double[][] {{1, 0, 0}, {1, 0, 0}, {0.5, 0.25, 0.25}});

    private final DetectionPattern previous = DetectionPattern.previousToken(new int[] {4, 4, 6});

    @Test
    void mulIsTheShareOfAttentionThatIsWhereThePatternIs() {
      assertThat(Detection.mul().similarity(attention, previous)).isEqualTo(1.25 / 3);
    }

    @Test
    void absIsOneLessTheSumOfDistancesOverPositions() {
      // row 0: 1 apart; row 1: 0; row 2: 0.5 + 0.75 + 0.25
      assertThat(Detection.abs().similarity(attention, previous)).isEqualTo(1 - 2.5 / 3);
    }

    @Test
    void attentionToTheFirstOrTheCurrentPositionCanBeLeftOut() {
      assertThat(Detection.mul().withoutFirst().similarity(attention, previous)).isEqualTo(0.5);
      assertThat(Detection.mul().withoutCurrent().similarity(attention, previous))
          .isEqualTo(1.25 / 1.75);
      assertThat(Detection.mul().withoutFirst().withoutCurrent().similarity(attention, previous))
          .isEqualTo(1);
    }

    @Test
    void theSameAttentionIsOneByBothAndNoneIsZeroByMul() {
      DetectionPattern same = DetectionPattern.of("same", attention);
      assertThat(Detection.abs().similarity(attention, same)).isEqualTo(1);
      assertThat(Detection.mul().similarity(attention.mul(0), previous)).isZero();
    }

    @Test
    void chanceIsTheScoreOfUniformAttention() {
      // 1/2 + 1/3 of 3
      assertThat(Detection.mul().chance(previous)).isCloseTo(5.0 / 18, within(1e-12));
    }

    @Test
    void duplicatesAndWhatFollowedThemArePatternsOfTheTokens() {
      int[] tokens = {7, 8, 7, 7};
      assertThat(DetectionPattern.duplicateToken(tokens).values())
          .isEqualTo(new double[][] {{0, 0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 0}, {1, 0, 1, 0}});
      assertThat(DetectionPattern.induction(tokens).values())
          .isEqualTo(new double[][] {{0, 0, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}, {0, 1, 0, 1}});
    }

    @Test
    void patternsThatLookAheadOrAreNotSquareAreRefused() {
      assertThatThrownBy(() -> new DetectionPattern("odd", new double[][] {{1, 1}, {0, 1}}))
          .hasMessageContaining("[dest 0, src 1] is 1.0");
      assertThatThrownBy(() -> new DetectionPattern("odd", new double[][] {{1}, {0, 1}}))
          .hasMessageContaining("row 0 has 1 columns");
      assertThatThrownBy(() -> new DetectionPattern("odd", new double[0][]))
          .hasMessageContaining("empty");
      assertThatThrownBy(() -> Detection.mul().similarity(Nd4j.ones(2, 2), previous))
          .hasMessageContaining("[2, 2]")
          .hasMessageContaining("3 positions");
    }
  }
}
