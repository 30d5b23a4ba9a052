package dev.circuitscope.toymodels.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactMinimumTest {

  @ParameterizedTest(name = "p = {0}")
  @ValueSource(doubles = {1, 0.3, 0.05})
  void ofOneFeatureInOneDimensionIsPerfect(double p) {
    AnalyticModel start =
        new AnalyticModel(
            new double[][] {{0.4}},
            new double[] {0.2},
            new double[] {1},
            ToyActivation.RELU_OUTPUT);
    ExactMinimum minimum = ExactMinimum.from(start, p);
    assertThat(minimum.total()).isCloseTo(0, within(1e-9));
    assertThat(minimum.model().weights()[0][0]).isCloseTo(1, within(1e-3));
  }

  @Test
  void ofSparseFeaturesInAPlaneIsTheClosedPolygonOfThePaper() {
    // Five features in two dimensions at p = 0.02: the pentagon, found from a random start.
    AnalyticModel random = MonteCarlo.random(5, 2, ToyActivation.RELU_OUTPUT, 3);
    AnalyticModel start =
        new AnalyticModel(
            random.weights(),
            new double[5],
            new double[] {1, 1, 1, 1, 1},
            ToyActivation.RELU_OUTPUT);
    ExactMinimum minimum = ExactMinimum.from(start, 0.02);
    Geometry geometry = Geometry.of(minimum.model().weights());
    assertThat(geometry.dimensionality())
        .containsExactly(new double[] {0.4, 0.4, 0.4, 0.4, 0.4}, within(1e-3));
    assertThat(minimum.total())
        .isCloseTo(
            SparsityExpansion.exact(minimum.model()).total(0.02), Percentage.withPercentage(1e-9));
    assertThat(minimum.mean()).isEqualTo(minimum.total() / 5);
  }

  @ParameterizedTest(name = "p = {0}, r = {1}")
  @CsvSource({"0.9, 0.5", "0.2, 1", "0.05, 3"})
  void isNotImprovedByAnySmallChange(double p, double r) {
    // The pair: a feature of norm 0 has no slope by symmetry, so the others may end on saddles.
    CandidateSolution pair =
        CandidateSolution.of(2, p, r).stream()
            .filter(candidate -> candidate.outcome() == LastFeature.SUPERPOSITION)
            .findFirst()
            .orElseThrow();
    ExactMinimum minimum = ExactMinimum.from(pair.model(), p);
    assertThat(minimum.total()).isLessThan(pair.loss());
    SplittableRandom random = new SplittableRandom(5);
    for (int trial = 0; trial < 200; trial++) {
      double[][] w = minimum.model().weights();
      double[] b = minimum.model().bias();
      for (int i = 0; i < 2; i++) {
        w[0][i] += random.nextDouble(-0.02, 0.02);
        b[i] += random.nextDouble(-0.02, 0.02);
      }
      AnalyticModel near =
          new AnalyticModel(w, b, pair.model().importance(), ToyActivation.RELU_OUTPUT);
      assertThat(SparsityExpansion.exact(near).total(p))
          .isGreaterThanOrEqualTo(minimum.total() - 1e-10);
    }
  }

  @Test
  void whatCannotBeDescendedIsRefused() {
    AnalyticModel large = MonteCarlo.random(7, 2, ToyActivation.RELU_OUTPUT, 1);
    AnalyticModel linear = MonteCarlo.random(3, 2, ToyActivation.LINEAR, 1);
    assertThatThrownBy(() -> ExactMinimum.from(large, 0.1)).hasMessageContaining("7");
    assertThatThrownBy(() -> ExactMinimum.from(linear, 0.1)).hasMessageContaining("LinearOptimum");
    assertThatThrownBy(() -> ExactMinimum.from(large, 0)).hasMessageContaining("0.0");
  }
}
