package dev.circuitscope.examples.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The rank correlation")
class RankCorrelationTest {

  @Test
  void isOneForWhateverRisesAndMinusOneForWhateverFalls() {
    double[] x = {-3, 0, 0.1, 70};
    assertThat(RankCorrelation.of(x, new double[] {1, 10, 11, 12})).isEqualTo(1);
    assertThat(RankCorrelation.of(x, new double[] {4, 3, 2, -1})).isEqualTo(-1);
  }

  @Test
  void isOneLessSixTimesTheSquaredDifferencesOfRanksOverTheirRange() {
    // Ranks 1 2 3 4 5 and 2 1 4 3 5: 1 - 6 * 4 / (5 * 24).
    double[] y = {20, 10, 40, 30, 50};
    assertThat(RankCorrelation.of(new double[] {1, 2, 3, 4, 5}, y)).isCloseTo(0.8, within(1e-15));
  }

  @Test
  void givesEqualNumbersTheMeanOfTheirRanks() {
    // Ranks 1.5 1.5 3 and 1 2 3, whose correlation is 1.5 / sqrt(1.5 * 2).
    assertThat(RankCorrelation.of(new double[] {7, 7, 9}, new double[] {1, 2, 3}))
        .isCloseTo(1.5 / Math.sqrt(3), within(1e-15));
  }

  @Test
  void isNotANumberWithoutVariationAndRefusesPairsThatAreNone() {
    assertThat(RankCorrelation.of(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    assertThat(RankCorrelation.of(new double[0], new double[0])).isNaN();
    assertThatThrownBy(() -> RankCorrelation.of(new double[2], new double[3]))
        .hasMessageContaining("2 and 3");
  }
}
