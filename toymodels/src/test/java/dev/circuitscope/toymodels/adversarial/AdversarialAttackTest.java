package dev.circuitscope.toymodels.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdversarialAttackTest {

  private static final AttackOptions SHARED =
      AttackOptions.PAPER.withScope(AttackOptions.Scope.SHARED);

  private static AnalyticModel model(double[][] w, double bias) {
    double[] b = new double[w[0].length];
    double[] ones = new double[b.length];
    Arrays.fill(b, bias);
    Arrays.fill(ones, 1);
    return new AnalyticModel(w, b, ones, ToyActivation.RELU_OUTPUT);
  }

  @Nested
  class OfModelsWithoutBiasOnASampleWithOneActiveFeature {

    @Test
    void dedicatedDimensionsMoveOneOutputByTheLengthOfThePerturbation() {
      Vulnerability v =
          AdversarialAttack.of(
              model(new double[][] {{1, 0}, {0, 1}}, 0), new double[][] {{1, 0}, {0, 1}});
      assertThat(v.radius()).isCloseTo(0.1, within(1e-15));
      assertThat(v.cleanLoss()).isZero();
      assertThat(v.attackedLoss()).isCloseTo(0.01, within(1e-15));
      assertThat(v.perSquaredRadius()).isCloseTo(1, within(1e-12));
    }

    @Test
    void anAntipodalPairIsMovedByItsDirectionTimesTheRootOfTwo() {
      // Row 0 is (1, -1): along it output 0 moves by root 2 times the length, and output 1 is off.
      Vulnerability v =
          AdversarialAttack.of(model(new double[][] {{1, -1}}, 0), new double[][] {{0.5, 0}});
      double radius = 0.05;
      assertThat(v.feature()).isZero();
      assertThat(v.perturbation())
          .containsExactly(
              new double[] {radius / Math.sqrt(2), -radius / Math.sqrt(2)}, within(1e-15));
      assertThat(v.attackedLoss()).isCloseTo(2 * radius * radius, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void thePairsOfAnyNumberOfDimensionsAreTwiceAsVulnerable(int pairs) {
      double[][] dedicated = new double[pairs][pairs];
      for (int i = 0; i < pairs; i++) {
        dedicated[i][i] = 1;
      }
      double[][] digons = RegularFigure.crossPolytope(pairs).weights();
      Vulnerability reference = AdversarialAttack.of(model(dedicated, 0), oneHot(pairs));
      Vulnerability superposed = AdversarialAttack.of(model(digons, 0), oneHot(2 * pairs));
      assertThat(superposed.relativeTo(reference))
          .isCloseTo(1 / Geometry.of(digons).dimensionsPerFeature(), within(1e-9));
    }

    private double[][] oneHot(int features) {
      double[][] x = new double[features][features];
      for (int i = 0; i < features; i++) {
        x[i][i] = 1;
      }
      return x;
    }
  }

  @Nested
  class ComparedWithEveryDirectionInThePlane {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aRefinedAttackIsTheBestThereIs(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      double[][] w = {{random.nextDouble(-1, 1), random.nextDouble(-1, 1)}};
      AnalyticModel model = model(w, random.nextDouble(-0.3, 0.3));
      double[][] x = AdversarialAttack.samples(2, 0.5, 200, seed);
      AttackOptions options = SHARED.withRelativeRadius(0.5);
      Vulnerability plain = AdversarialAttack.of(model, x, options);
      Vulnerability refined = AdversarialAttack.of(model, x, options.withRefinement(50));
      double best = 0;
      for (int angle = 0; angle < 3600; angle++) {
        double[] d = {
          plain.radius() * Math.cos(angle * Math.PI / 1800),
          plain.radius() * Math.sin(angle * Math.PI / 1800)
        };
        best = Math.max(best, loss(model, x, d));
      }
      assertThat(refined.attackedLoss()).isGreaterThanOrEqualTo(plain.attackedLoss());
      assertThat(refined.attackedLoss()).isGreaterThanOrEqualTo(best - 1e-5 * best);
      assertThat(refined.attackedLoss())
          .isCloseTo(loss(model, x, refined.perturbation()), within(1e-14));
      assertThat(refined.cleanLoss()).isCloseTo(loss(model, x, new double[2]), within(1e-14));
    }
  }

  private static double loss(AnalyticModel model, double[][] x, double[] d) {
    double sum = 0;
    for (double[] sample : x) {
      double[] y = model.bias();
      for (int j = 0; j < y.length; j++) {
        for (double[] row : model.weights()) {
          for (int i = 0; i < y.length; i++) {
            y[j] += row[j] * row[i] * (sample[i] + d[i]);
          }
        }
        double error = sample[j] - Math.max(0, y[j]);
        sum += model.importance()[j] * error * error;
      }
    }
    return sum / x.length;
  }

  @Test
  void oneOfItsOwnPerSampleIsWorseThanASharedOneAndTheBestOfTheRowsForEach() {
    AnalyticModel model = model(RegularFigure.PENTAGON.weights(), -0.05);
    double[][] x = AdversarialAttack.samples(5, 0.3, 300, 9);
    Vulnerability shared = AdversarialAttack.of(model, x, SHARED);
    Vulnerability own = AdversarialAttack.of(model, x);
    Vulnerability refined = AdversarialAttack.of(model, x, AttackOptions.PAPER.withRefinement(20));
    double expected = 0;
    for (double[] sample : x) {
      double worst = 0;
      for (int i = 0; i < 5; i++) {
        double[] d = AdversarialAttack.scaled(model.gramRow(i), shared.radius());
        worst = Math.max(worst, loss(model, new double[][] {sample}, d));
      }
      expected += worst / x.length;
    }
    assertThat(own.attackedLoss()).isCloseTo(expected, within(1e-12));
    assertThat(own.attackedLoss()).isGreaterThan(shared.attackedLoss());
    assertThat(refined.attackedLoss()).isGreaterThan(own.attackedLoss());
    assertThatThrownBy(() -> own.relativeTo(shared)).hasMessageContaining("PER_SAMPLE");
  }

  @Test
  void vulnerabilityRisesMoreThanThreefoldWhenUniformFeaturesShareDimensionsInPairs() {
    // 8 features in 4 dimensions, dense: D* = 1 for four of them, D* = 1/2 for four pairs.
    double[][] dedicated = new double[4][8];
    for (int i = 0; i < 4; i++) {
      dedicated[i][i] = 1;
    }
    double[][] x = AdversarialAttack.samples(8, 0.5, 2000, 2);
    Vulnerability alone = AdversarialAttack.of(model(dedicated, 0), x);
    Vulnerability pairs =
        AdversarialAttack.of(model(RegularFigure.crossPolytope(4).weights(), 0), x);
    assertThat(alone.perSquaredRadius()).isCloseTo(1, within(1e-9));
    assertThat(pairs.relativeTo(alone)).isGreaterThan(3);
  }

  @Test
  void samplesAreSparseAndFunctionsOfTheSeed() {
    double[][] x = AdversarialAttack.samples(4, 0.25, 20_000, 3);
    double active = 0;
    double sum = 0;
    for (double[] sample : x) {
      for (double value : sample) {
        assertThat(value).isBetween(0.0, 1.0);
        active += value > 0 ? 1 : 0;
        sum += value;
      }
    }
    assertThat(active / 80_000).isCloseTo(0.25, Percentage.withPercentage(3));
    assertThat(sum / active).isCloseTo(0.5, Percentage.withPercentage(2));
    assertThat(AdversarialAttack.samples(4, 0.25, 10, 3)).isDeepEqualTo(Arrays.copyOf(x, 10));
  }

  @Test
  void resultsPrintAndGoToJson() {
    Vulnerability v =
        AdversarialAttack.of(model(new double[][] {{1, -1}}, 0), new double[][] {{1, 0}});
    assertThat(v.toString()).contains("per-sample", "feature 0");
    assertThat(v.toJson().keySet()).contains("attacked_loss", "version");
    assertThat(v.toJson().toString()).contains("relative_radius");
  }

  @Test
  void whatCannotBeAttackedIsRefused() {
    AnalyticModel pair = model(new double[][] {{1, -1}}, 0);
    assertThatThrownBy(() -> AdversarialAttack.of(pair, new double[0][]))
        .hasMessageContaining("0 samples");
    assertThatThrownBy(() -> AdversarialAttack.of(pair, new double[3][2]))
        .hasMessageContaining("not all 0");
    assertThatThrownBy(() -> AdversarialAttack.of(pair, new double[][] {{1}}))
        .hasMessageContaining("2 features")
        .hasMessageContaining("has 1");
    assertThatThrownBy(
            () -> AdversarialAttack.of(model(new double[1][2], 0), new double[][] {{1, 0}}))
        .hasMessageContaining("W is 0");
    assertThatThrownBy(() -> new AttackOptions(0, AttackOptions.Scope.SHARED, 0))
        .hasMessageContaining("relativeRadius");
    assertThatThrownBy(() -> new AttackOptions(1, AttackOptions.Scope.PER_SAMPLE, -3))
        .hasMessageContaining("-3");
    assertThatThrownBy(() -> AdversarialAttack.samples(1, 0, 1, 1)).hasMessageContaining("p = 0.0");
  }
}
