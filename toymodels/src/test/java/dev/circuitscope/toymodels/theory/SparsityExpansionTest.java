package dev.circuitscope.toymodels.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SparsityExpansionTest {

  private static final int SAMPLES = 400_000;

  @Nested
  class AgreesWithMonteCarlo {

    @ParameterizedTest(name = "p = {0}")
    @ValueSource(doubles = {1, 0.5, 0.1, 0.02})
    void atEverySparsityForRandomWeights(double p) {
      AnalyticModel model = MonteCarlo.random(6, 3, ToyActivation.RELU_OUTPUT, 5);
      assertThat(SparsityExpansion.exact(model).total(p))
          .isCloseTo(MonteCarlo.total(model, p, SAMPLES, 7), Percentage.withPercentage(0.5));
    }

    @ParameterizedTest
    @EnumSource(ToyActivation.class)
    void inItsFirstOrderTerm(ToyActivation activation) {
      AnalyticModel model = MonteCarlo.random(12, 4, activation, 6);
      assertThat(SparsityExpansion.of(model, 1).coefficients()[1])
          .isCloseTo(MonteCarlo.oneActive(model, SAMPLES, 8), Percentage.withPercentage(0.5));
    }

    @ParameterizedTest(name = "p = {0}")
    @ValueSource(doubles = {0.5, 0.05, 0.01})
    void ofTheTrainersOwnFloat32KernelsOnAPentagon(double p) {
      double[][] w = RegularFigure.PENTAGON.weights();
      float[][] narrow = new float[2][5];
      for (int k = 0; k < 2; k++) {
        for (int i = 0; i < 5; i++) {
          narrow[k][i] = (float) w[k][i];
        }
      }
      float[] bias = new float[5];
      Arrays.fill(bias, -0.1f);
      ToyModel model = ToyModel.of(narrow, bias, ToyActivation.RELU_OUTPUT);
      List<Float> importance = List.of(1f, 0.9f, 0.81f, 0.729f, 0.6561f);
      AnalyticModel exact = AnalyticModel.of(model, importance);
      assertThat(SparsityExpansion.exact(exact).mean(p))
          .isCloseTo(model.sampledLoss(importance, p, SAMPLES, 3), Percentage.withPercentage(1.5));
    }
  }

  @Nested
  class HasTheCoefficientsOfThePaper {

    private final AnalyticModel model = MonteCarlo.random(7, 3, ToyActivation.RELU_OUTPUT, 1);
    private final SparsityExpansion expansion = SparsityExpansion.of(model, 2);

    @Test
    void zeroActiveFeaturesLeaveTheBiases() {
      double expected = 0;
      for (int j = 0; j < 7; j++) {
        double b = Math.max(0, model.bias()[j]);
        expected += model.importance()[j] * b * b;
      }
      assertThat(expansion.coefficients()[0]).isCloseTo(expected, within(1e-15));
    }

    @Test
    void oneActiveFeatureIsAnIntegralOverALine() {
      double expected = 0;
      for (int i = 0; i < 7; i++) {
        double[] row = model.gramRow(i);
        for (int j = 0; j < 7; j++) {
          expected += model.importance()[j] * onePiece(row[j], model.bias()[j], i == j);
        }
      }
      assertThat(expansion.coefficients()[1]).isCloseTo(expected, within(1e-12));
      SingleFeatureLoss parts = SingleFeatureLoss.of(model);
      assertThat(parts.total()).isCloseTo(expected, within(1e-12));
      assertThat(parts.interference()[2][3])
          .isCloseTo(
              model.importance()[3] * onePiece(model.gramRow(2)[3], model.bias()[3], false),
              within(1e-15));
      assertThat(parts.own()[4])
          .isCloseTo(
              model.importance()[4] * onePiece(model.gramRow(4)[4], model.bias()[4], true),
              within(1e-15));
      assertThat(parts.interference()[4][4]).isZero();
    }

    /**
     * integral_0^1 ([self] x - ReLU(g x + b))^2 dx by the antiderivatives on both sides of a kink.
     */
    private double onePiece(double g, double b, boolean self) {
      double kink = Math.min(1, Math.max(0, -b / g));
      boolean onFirst = b > 0;
      double from = onFirst ? 0 : kink;
      double to = onFirst ? kink : 1;
      if (b > 0 && g > 0) {
        to = 1;
      } else if (b <= 0 && g <= 0) {
        from = 1;
        to = 1;
      }
      // on [from, to]: (d x - b)^2; elsewhere x^2 or 0
      double d = (self ? 1 : 0) - g;
      double on = cube(d, b, to) - cube(d, b, from);
      double off = self ? 1 / 3.0 - (to * to * to - from * from * from) / 3 : 0;
      return on + off;
    }

    private double cube(double d, double b, double x) {
      return d * d * x * x * x / 3 - d * b * x * x + b * b * x;
    }

    @Test
    void allTermsTogetherAreAPolynomialWhoseLowOrdersDoNotDependOnHowManyAreAskedFor() {
      SparsityExpansion exact = SparsityExpansion.exact(model);
      assertThat(exact.order()).isEqualTo(7);
      assertThat(Arrays.copyOf(exact.coefficients(), 3))
          .containsExactly(expansion.coefficients(), within(1e-12));
      for (double p : new double[] {0, 1e-4, 0.3, 1}) {
        assertThat(exact.coverage(p)).isCloseTo(1, within(1e-12));
        assertThat(exact.total(p)).isGreaterThanOrEqualTo(expansion.total(p) - 1e-12);
      }
      assertThat(exact.total(1)).isEqualTo(exact.coefficients()[7]);
      assertThat(exact.total(0)).isEqualTo(exact.coefficients()[0]);
    }
  }

  @Test
  void setsOneByOneAndAllAtOnceGiveTheSame() {
    // Order 3 of ten features goes set by set, all ten orders at once.
    AnalyticModel model = MonteCarlo.random(10, 4, ToyActivation.RELU_OUTPUT, 9);
    double[] few = SparsityExpansion.of(model, 3).coefficients();
    double[] all = SparsityExpansion.exact(model).coefficients();
    assertThat(Arrays.copyOf(all, 4)).containsExactly(few, within(1e-10));
  }

  @Test
  void featuresThatDoNotInterfereAreNotEnumerated() {
    // 100 digons: 200 features, exact at every p. Each pair loses p^2/3.
    RegularFigure[] digons = new RegularFigure[100];
    Arrays.fill(digons, RegularFigure.DIGON);
    double[] ones = new double[200];
    Arrays.fill(ones, 1);
    AnalyticModel model =
        new AnalyticModel(
            RegularFigure.product(digons), new double[200], ones, ToyActivation.RELU_OUTPUT);
    SparsityExpansion exact = SparsityExpansion.exact(model);
    for (double p : new double[] {1, 0.3, 0.01}) {
      assertThat(exact.total(p)).isCloseTo(100 * p * p / 3, Percentage.withPercentage(1e-8));
      assertThat(exact.mean(p)).isCloseTo(p * p / 6, Percentage.withPercentage(1e-8));
    }
  }

  @ParameterizedTest(name = "p = {0}")
  @ValueSource(doubles = {0.001, 0.2, 1})
  void theLinearModelsIsItsClosedForm(double p) {
    AnalyticModel model = MonteCarlo.random(9, 4, ToyActivation.LINEAR, 2);
    assertThat(SparsityExpansion.exact(model).total(p))
        .isCloseTo(LinearLoss.of(model).total(p), Percentage.withPercentage(1e-10));
  }

  @Test
  void aPerfectModelLosesNothing() {
    AnalyticModel one =
        new AnalyticModel(
            new double[][] {{1}}, new double[1], new double[] {1}, ToyActivation.RELU_OUTPUT);
    assertThat(SparsityExpansion.exact(one).coefficients()).containsExactly(0, 0);
    assertThat(SparsityExpansion.of(one, 0).coverage(0.25)).isEqualTo(0.75);
  }

  @ParameterizedTest(name = "W = {0}, b = {1}")
  @CsvSource({"0, 0.5, 0.25, 0.0833333333333333333", "0, -1, 0, 0.33333333333333333"})
  void anIgnoredFeatureLosesWhatItsBiasLeaves(double w, double b, double l0, double l1) {
    AnalyticModel model =
        new AnalyticModel(
            new double[][] {{w}}, new double[] {b}, new double[] {1}, ToyActivation.RELU_OUTPUT);
    assertThat(SparsityExpansion.exact(model).coefficients())
        .containsExactly(new double[] {l0, l1}, within(1e-15));
  }

  @Test
  void whatWouldTakeHoursOrDoesNotExistIsRefused() {
    AnalyticModel large = MonteCarlo.random(40, 5, ToyActivation.RELU_OUTPUT, 3);
    assertThatThrownBy(() -> SparsityExpansion.exact(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("order 40")
        .hasMessageContaining("lower order");
    assertThatThrownBy(() -> SparsityExpansion.of(large, 41)).hasMessageContaining("0 to 40");
    assertThatThrownBy(() -> SparsityExpansion.of(large, 1).total(1.5)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> LinearLoss.of(large)).hasMessageContaining("LINEAR");
  }

  @Test
  void printAndGoToJson() {
    SparsityExpansion expansion =
        SparsityExpansion.of(MonteCarlo.random(3, 2, ToyActivation.RELU_OUTPUT, 1), 2);
    assertThat(expansion.toString()).contains("3 features", "L_2").hasLineCount(4);
    assertThat(expansion.toJson().keySet()).contains("coefficients");
  }
}
