package dev.circuitscope.toymodels.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class UnequalProbabilitiesTest {

  private static final AnalyticModel PENTAGON =
      model(RegularFigure.PENTAGON.weights(), new double[5]);

  private static AnalyticModel model(double[][] w, double[] bias) {
    double[] importance = new double[bias.length];
    Arrays.fill(importance, 1);
    return new AnalyticModel(w, bias, importance, ToyActivation.RELU_OUTPUT);
  }

  private static double[] firstOf(int n, double first, double others) {
    double[] p = new double[n];
    Arrays.fill(p, others);
    p[0] = first;
    return p;
  }

  @Nested
  class TheLoss {

    @Test
    void isThatOfTheSparsityExpansionIfAllAreEqual() {
      AnalyticModel model = MonteCarlo.random(5, 2, ToyActivation.RELU_OUTPUT, 4);
      double[] p = firstOf(5, 0.3, 0.3);
      assertThat(ExactMinimum.loss(model, p))
          .isCloseTo(SparsityExpansion.exact(model).total(0.3), Percentage.withPercentage(1e-10));
    }

    @Test
    void isThatOfSamples() {
      AnalyticModel model = MonteCarlo.random(4, 2, ToyActivation.RELU_OUTPUT, 8);
      double[] p = {0.9, 0.05, 0.4, 0.2};
      SplittableRandom random = new SplittableRandom(1);
      int samples = 400_000;
      double sum = 0;
      for (int s = 0; s < samples; s++) {
        double[] x = new double[4];
        for (int i = 0; i < 4; i++) {
          x[i] = random.nextDouble() < p[i] ? random.nextDouble() : 0;
        }
        sum += MonteCarlo.loss(model, x);
      }
      assertThat(ExactMinimum.loss(model, p))
          .isCloseTo(sum / samples, Percentage.withPercentage(1.5));
    }

    @Test
    void ofAPairIsTheSumOfWhatEachCosts() {
      // x' = ReLU(+-(x_0 - x_1)) errs by min(x_0, x_1) at both outputs: 2 p_0 p_1 / 6 in all.
      AnalyticModel pair = model(new double[][] {{1, -1}}, new double[2]);
      assertThat(ExactMinimum.loss(pair, 0.5, 0.1)).isCloseTo(2 * 0.5 * 0.1 / 6, within(1e-15));
    }
  }

  @Nested
  class TheMinimum {

    @Test
    void isThatOfEqualFeaturesIfAllAreEqual() {
      assertThat(ExactMinimum.from(PENTAGON, firstOf(5, 0.05, 0.05)))
          .usingRecursiveComparison()
          .isEqualTo(ExactMinimum.from(PENTAGON, 0.05));
    }

    @Test
    void ofAPentagonWithOneSparserFeatureIsStretched() {
      ExactMinimum minimum = ExactMinimum.from(PENTAGON, firstOf(5, 0.025, 0.05));
      Geometry geometry = Geometry.of(minimum.model().weights());
      assertThat(geometry.featuresKept()).isEqualTo(5);
      // Its neighbours come nearer to it than the 72 degrees of a regular pentagon.
      assertThat(geometry.cosine(0, 1)).isGreaterThan(Math.cos(Math.toRadians(72)) + 0.03);
      assertThat(minimum.mean()).isEqualTo(minimum.total() / 5);
    }

    @Test
    void isNotImprovedByAnySmallChange() {
      double[] p = firstOf(5, 0.025, 0.05);
      ExactMinimum minimum = ExactMinimum.from(PENTAGON, p);
      SplittableRandom random = new SplittableRandom(2);
      for (int trial = 0; trial < 20; trial++) {
        double[][] w = minimum.model().weights();
        double[] b = minimum.model().bias();
        for (int i = 0; i < 5; i++) {
          w[0][i] += 0.01 * (random.nextDouble() - 0.5);
          w[1][i] += 0.01 * (random.nextDouble() - 0.5);
          b[i] += 0.01 * (random.nextDouble() - 0.5);
        }
        assertThat(ExactMinimum.loss(model(w, b), p)).isGreaterThan(minimum.total() - 1e-12);
      }
    }

    @Test
    void goesToJsonAndText() {
      ExactMinimum minimum = ExactMinimum.from(model(new double[][] {{0.5}}, new double[1]), 0.5);
      assertThat(minimum.total()).isCloseTo(0, within(1e-9));
      var json = minimum.toJson();
      assertThat(json.get("probabilities").getAsJsonArray()).hasSize(1);
      assertThat(minimum.toString()).contains("n = 1, m = 1").contains("p = 0.5:");
    }
  }

  @Nested
  class Refuses {

    @Test
    void probabilitiesThatDoNotFit() {
      assertThatThrownBy(() -> ExactMinimum.from(PENTAGON, 0.1, 0.1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("5 features need one probability for all or one each, was 2");
      assertThatThrownBy(() -> ExactMinimum.loss(PENTAGON, firstOf(5, 0, 0.1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("(0, 1], was 0.0");
    }

    @Test
    void modelsThatItCannotIntegrate() {
      AnalyticModel linear =
          new AnalyticModel(
              new double[][] {{1}}, new double[1], new double[] {1}, ToyActivation.LINEAR);
      assertThatThrownBy(() -> ExactMinimum.from(linear, 0.5))
          .hasMessageContaining("LinearOptimum");
      assertThatThrownBy(() -> ExactMinimum.loss(model(new double[1][7], new double[7]), 0.5))
          .hasMessageContaining("at most 6 features, was 7");
    }
  }
}
