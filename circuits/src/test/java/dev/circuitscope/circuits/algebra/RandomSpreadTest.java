package dev.circuitscope.circuits.algebra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class RandomSpreadTest {

  private static final RandomSpread SPREAD =
      new RandomSpread("a number", new double[] {3, 1, 2, 5, 4, 6, 8, 7, 9}, 7L);

  @Test
  void hasMeanDeviationAndQuantilesOfItsSamples() {
    assertThat(SPREAD.mean()).isEqualTo(5);
    assertThat(SPREAD.deviation()).isCloseTo(Math.sqrt(60.0 / 8), within(1e-15));
    assertThat(SPREAD.quantile(0)).isEqualTo(1);
    assertThat(SPREAD.quantile(0.5)).isEqualTo(5);
    assertThat(SPREAD.quantile(0.9)).isCloseTo(8.2, within(1e-12));
    assertThat(SPREAD.quantile(1)).isEqualTo(9);
    assertThat(SPREAD.zScore(8)).isCloseTo(3 / Math.sqrt(7.5), within(1e-12));
  }

  @Test
  void countsTheValueItselfAmongThoseThatComeAsHigh() {
    assertThat(SPREAD.pValue(9.5)).isEqualTo(0.1);
    assertThat(SPREAD.pValue(9)).isEqualTo(0.2);
    assertThat(SPREAD.pValue(0)).isEqualTo(1);
    assertThat(SPREAD.isBeyond(9.5, 0.1)).isTrue();
    assertThat(SPREAD.isBeyond(9, 0.1)).isFalse();
    assertThat(SPREAD.isBeyond(9, 0.2)).isTrue();
  }

  @Test
  void ofSamplesThatAreAllAlikeHasInfiniteScoresBesideThem() {
    RandomSpread constant = new RandomSpread("a constant", new double[] {2, 2}, 1L);
    assertThat(constant.zScore(2)).isZero();
    assertThat(constant.zScore(3)).isInfinite().isPositive();
    assertThat(constant.zScore(1)).isInfinite().isNegative();
  }

  @Test
  void printsItselfAndGoesToJson() {
    assertThat(SPREAD)
        .hasToString("5.000 +- 2.739, 99% below 8.920 (9 samples of a number, seed 7)");
    assertThat(SPREAD.toJson().get("quantiles").getAsJsonObject().get("0.5").getAsDouble())
        .isEqualTo(5);
    assertThat(SPREAD.toJson().get("samples").getAsInt()).isEqualTo(9);
  }

  @Nested
  class Refuses {

    @Test
    void fewerThanTwoSamples() {
      assertThatThrownBy(() -> new RandomSpread("a number", new double[] {1}, 1L))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("at least 2 samples, was 1");
    }

    @Test
    void samplesThatAreNotFinite() {
      assertThatThrownBy(() -> new RandomSpread("a number", new double[] {1, Double.NaN}, 1L))
          .hasMessageContaining("NaN");
    }

    @Test
    void levelsThatSoFewSamplesCannotShow() {
      assertThatThrownBy(() -> SPREAD.isBeyond(10, 0.05))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("9 samples cannot show a level of 0.05; draw at least 19");
      assertThatThrownBy(() -> SPREAD.isBeyond(10, 0)).hasMessageContaining("between 0 and 1");
      assertThatThrownBy(() -> SPREAD.quantile(1.1)).hasMessageContaining("from 0 to 1");
    }
  }
}
