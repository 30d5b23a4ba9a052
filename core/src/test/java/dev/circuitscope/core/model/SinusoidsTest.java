package dev.circuitscope.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SinusoidsTest {

  @Test
  void evenColumnsAreSinesAndOddColumnsTheCosinesOfTheSameAngles() {
    double[][] table = Sinusoids.table(5, 6);
    // 10000^(2/6) and 10000^(4/6), worked out apart from the code
    double[] divisors = {1, 21.544346900318837, 464.1588833612779};
    for (int p = 0; p < 5; p++) {
      for (int i = 0; i < 3; i++) {
        assertThat(table[p][2 * i]).isCloseTo(Math.sin(p / divisors[i]), within(1e-14));
        assertThat(table[p][2 * i + 1]).isCloseTo(Math.cos(p / divisors[i]), within(1e-14));
      }
    }
  }

  @Test
  void turningByOnePositionIsARotationThatDoesNotDependOnThePosition() {
    double[][] table = Sinusoids.table(100, 8);
    for (int p = 0; p + 1 < 100; p++) {
      for (int i = 0; i < 8; i += 2) {
        double dot = table[p][i] * table[p + 1][i] + table[p][i + 1] * table[p + 1][i + 1];
        assertThat(dot).isCloseTo(table[1][i + 1], within(1e-12));
      }
    }
  }

  @Test
  void anOddWidthEndsInASine() {
    double[][] table = Sinusoids.table(3, 5);
    assertThat(table[2]).hasSize(5);
    assertThat(table[2][4]).isCloseTo(Math.sin(2 / Math.pow(10, 3.2)), within(1e-14));
  }

  @Test
  void widthOneIsTheSineOfThePosition() {
    assertThat(Sinusoids.table(4, 1)[3]).containsExactly(Math.sin(3));
  }

  @Test
  void noPositionsAreAnEmptyTable() {
    assertThat(Sinusoids.table(0, 4)).isEmpty();
  }

  @Test
  void impossibleSizesAreRefusedWithBothNumbers() {
    assertThatThrownBy(() -> Sinusoids.table(-1, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1 x 4");
    assertThatThrownBy(() -> Sinusoids.table(2, 0)).hasMessageContaining("2 x 0");
  }
}
