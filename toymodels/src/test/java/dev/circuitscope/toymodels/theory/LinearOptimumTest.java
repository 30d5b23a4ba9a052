package dev.circuitscope.toymodels.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearOptimumTest {

  private static final double[] IMPORTANCE = {0.4, 1, 0.2, 0.7, 0.1};

  @Test
  void keepsTheMostImportantFeatures() {
    LinearOptimum best = LinearOptimum.of(IMPORTANCE, 2);
    assertThat(best.kept()).containsExactly(1, 3);
    assertThat(best.unique()).isTrue();
    assertThat(best.total(1)).isCloseTo(0.7 / 12, within(1e-15));
    assertThat(LinearOptimum.of(IMPORTANCE, 9).total(0.3)).isZero();
  }

  @Test
  void isNotUniqueAmongEquals() {
    assertThat(LinearOptimum.of(new double[] {1, 1, 1}, 2).unique()).isFalse();
    assertThat(LinearOptimum.of(new double[] {1, 1, 0.5}, 2).unique()).isTrue();
    assertThat(LinearOptimum.of(new double[] {0, 0}, 2).unique()).isFalse();
  }

  @ParameterizedTest(name = "p = {0}")
  @ValueSource(doubles = {1, 0.3, 0.01})
  void isTheLossOfItsModelAndOfMonteCarlo(double p) {
    LinearOptimum best = LinearOptimum.of(IMPORTANCE, 2);
    assertThat(LinearLoss.of(best.model(p)).total(p)).isCloseTo(best.total(p), within(1e-15));
    assertThat(MonteCarlo.total(best.model(p), p, 400_000, 4))
        .isCloseTo(best.total(p), Percentage.withPercentage(1.5));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isWhatGradientDescentOnTheClosedFormArrivesAt(long seed) {
    double[][] w = new double[2][5];
    SplittableRandom random = new SplittableRandom(seed);
    for (double[] row : w) {
      for (int i = 0; i < 5; i++) {
        row[i] = random.nextDouble(-0.5, 0.5);
      }
    }
    for (int step = 0; step < 3000; step++) {
      descend(w);
    }
    double p = 0.2;
    AnalyticModel model = new AnalyticModel(w, new double[5], IMPORTANCE, ToyActivation.LINEAR);
    assertThat(LinearLoss.of(model).totalWithBestBias(p))
        .isCloseTo(LinearOptimum.of(IMPORTANCE, 2).total(p), Percentage.withPercentage(1e-4));
    for (int i = 0; i < 5; i++) {
      assertThat(model.gramRow(i)[i]).isCloseTo(i == 1 || i == 3 ? 1 : 0, within(1e-3));
    }
  }

  /** With R = W^T W - 1 and D = diag(I): d ||D^(1/2) R||^2 / dW = 2 W (D R + R D). */
  private static void descend(double[][] w) {
    int n = IMPORTANCE.length;
    double[][] s = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double r = i == j ? -1 : 0;
        for (double[] row : w) {
          r += row[i] * row[j];
        }
        s[i][j] = (IMPORTANCE[i] + IMPORTANCE[j]) * r;
      }
    }
    for (double[] row : w) {
      double[] old = row.clone();
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < n; i++) {
          row[j] -= 0.1 * old[i] * s[i][j];
        }
      }
    }
  }

  @Nested
  class TheLossOfAnyLinearModel {

    private final AnalyticModel model = MonteCarlo.random(6, 3, ToyActivation.LINEAR, 8);

    @ParameterizedTest(name = "p = {0}")
    @ValueSource(doubles = {1, 0.4, 0.03})
    void agreesWithMonteCarlo(double p) {
      assertThat(LinearLoss.of(model).total(p))
          .isCloseTo(MonteCarlo.total(model, p, 400_000, 1), Percentage.withPercentage(1.5));
      assertThat(LinearLoss.of(model).mean(p) * 6)
          .isCloseTo(LinearLoss.of(model).total(p), within(1e-14));
    }

    @Test
    void isLeastWithTheBestBias() {
      double p = 0.4;
      LinearLoss loss = LinearLoss.of(model);
      AnalyticModel best =
          new AnalyticModel(
              model.weights(), loss.bestBias(p), model.importance(), ToyActivation.LINEAR);
      assertThat(LinearLoss.of(best).total(p))
          .isCloseTo(loss.totalWithBestBias(p), within(1e-13))
          .isLessThan(loss.total(p));
    }

    @Test
    void isBenefitAndInterference() {
      AnalyticModel digon =
          new AnalyticModel(
              new double[][] {{1, -1, 0}},
              new double[3],
              new double[] {1, 2, 5},
              ToyActivation.LINEAR);
      assertThat(LinearLoss.of(digon).unrepresented()).isEqualTo(5);
      assertThat(LinearLoss.of(digon).interference()).isEqualTo(3);
    }
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> LinearOptimum.of(IMPORTANCE, 0)).hasMessageContaining("m = 0");
    assertThatThrownBy(() -> LinearOptimum.of(new double[] {-1}, 1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> LinearOptimum.of(IMPORTANCE, 2).total(-0.1))
        .hasMessageContaining("-0.1");
  }
}
