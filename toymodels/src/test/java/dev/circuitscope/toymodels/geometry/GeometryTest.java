package dev.circuitscope.toymodels.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class GeometryTest {

  @Nested
  class DimensionalityIsThatOfThePapersClusters {

    @Test
    void tetrahedron() {
      float[][] w = {{1, 1, -1, -1}, {1, -1, 1, -1}, {1, -1, -1, 1}};
      assertThat(Geometry.of(w).dimensionality()).containsExactly(0.75, 0.75, 0.75, 0.75);
    }

    @Test
    void dedicatedDimensionsAndUnlearnedFeatures() {
      Geometry geometry = Geometry.of(new float[][] {{1, 0, 0}, {0, 0.9f, 0}});
      assertThat(geometry.dimensionality()).containsExactly(1, 1, 0);
      assertThat(geometry.polysemanticity()).containsExactly(0, 0, 0);
      assertThat(geometry.featuresKept()).isEqualTo(2);
      assertThat(geometry.maxInterference()).isZero();
      assertThat(geometry.dimensionsPerFeature()).isCloseTo(2 / 1.81, within(1e-6));
    }
  }

  @Test
  void agreesWithTheDefinitionsComputedFromNormalisedColumns() {
    SplittableRandom random = new SplittableRandom(2);
    int m = 4;
    int n = 9;
    float[][] w = new float[m][n];
    for (float[] row : w) {
      for (int i = 0; i < n; i++) {
        row[i] = (float) random.nextDouble(-1, 1);
      }
    }
    Geometry geometry = Geometry.of(w);
    double squares = 0;
    double most = 0;
    for (int i = 0; i < n; i++) {
      double norm = Math.sqrt(dot(w, i, i));
      squares += norm * norm;
      double all = 0;
      double others = 0;
      double net = 0;
      double total = 0;
      double worst = 0;
      for (int j = 0; j < n; j++) {
        double projection = dot(w, i, j) / norm;
        all += projection * projection;
        others += j == i ? 0 : projection * projection;
        most = j == i ? most : Math.max(most, Math.abs(dot(w, i, j)));
        net += j == i ? 0 : dot(w, i, j);
        total += j == i ? 0 : Math.abs(dot(w, i, j));
        worst = j == i ? worst : Math.max(worst, Math.abs(dot(w, i, j)));
        assertThat(geometry.cosine(i, j))
            .isCloseTo(dot(w, i, j) / norm / Math.sqrt(dot(w, j, j)), within(1e-12));
        assertThat(geometry.gram().getDouble(i, j)).isCloseTo(dot(w, i, j), within(1e-12));
      }
      assertThat(geometry.interference().net()[i]).isCloseTo(net, within(1e-12));
      assertThat(geometry.interference().total()[i]).isCloseTo(total, within(1e-12));
      assertThat(geometry.interference().worst()[i]).isCloseTo(worst, within(1e-12));
      assertThat(geometry.norms()[i]).isCloseTo(norm, within(1e-12));
      assertThat(geometry.dimensionality()[i]).isCloseTo(norm * norm / all, within(1e-12));
      assertThat(geometry.polysemanticity()[i]).isCloseTo(Math.sqrt(others), within(1e-12));
    }
    assertThat(geometry.dimensionsPerFeature()).isCloseTo(m / squares, within(1e-12));
    assertThat(geometry.maxInterference()).isCloseTo(most, within(1e-12));
  }

  private static double dot(float[][] w, int i, int j) {
    double sum = 0;
    for (float[] row : w) {
      sum += (double) row[i] * row[j];
    }
    return sum;
  }

  @Test
  void theZeroMatrixHasNoFeatures() {
    Geometry geometry = Geometry.of(new float[1][1]);
    assertThat(geometry.dimensionality()).containsExactly(0);
    assertThat(geometry.dimensionsPerFeature()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(geometry.featuresKept()).isZero();
  }

  @Nested
  class NeuronsHoldFeatures {

    private final NeuronGeometry neurons =
        Geometry.of(new double[][] {{0, -2, 0}, {1, -1, 0}, {3, 0, 4}, {0, 0, 0}, {1e-200, 0, 0}})
            .neurons();

    @Test
    void aMonosemanticUnitHoldsOneWhateverItsSize() {
      assertThat(neurons.polysemanticity()[0]).isZero();
      assertThat(neurons.effectiveFeatures()[0]).isEqualTo(1);
      assertThat(neurons.dominant()[0]).isEqualTo(1);
      assertThat(neurons.effectiveFeatures()[4]).isEqualTo(1);
    }

    @Test
    void aPolysemanticUnitHoldsSeveral() {
      assertThat(neurons.polysemanticity()[1]).isEqualTo(1);
      assertThat(neurons.effectiveFeatures()[1]).isEqualTo(2);
      assertThat(neurons.polysemanticity()[2]).isCloseTo(3 / 4.0, within(1e-15));
      assertThat(neurons.effectiveFeatures()[2]).isCloseTo(625 / 337.0, within(1e-14));
      assertThat(neurons.norms()[2]).isCloseTo(5, within(1e-14));
      assertThat(neurons.dominant()[2]).isEqualTo(2);
    }

    @Test
    void aDeadUnitHoldsNone() {
      assertThat(neurons.norms()[3]).isZero();
      assertThat(neurons.effectiveFeatures()[3]).isZero();
      assertThat(neurons.dominant()[3]).isEqualTo(-1);
    }
  }

  @Test
  void doesNotChangeWithTheArrayThatItWasMadeOf() {
    double[][] w = {{1, 2}};
    Geometry geometry = Geometry.of(w);
    w[0][0] = 7;
    geometry.norms()[1] = 7;
    assertThat(geometry.norms()).containsExactly(1, 2);
    assertThat(Geometry.of(Nd4j.createFromArray(new float[][] {{1, 2}})).norms())
        .containsExactly(1, 2);
  }

  @Test
  void printsALinePerFeatureAndGoesToJsonEvenWithoutWeights() {
    assertThat(Geometry.of(new double[2][3]).toString()).contains("n = 3, m = 2").hasLineCount(5);
    assertThat(Geometry.of(new double[2][3]).toJson().get("dimensions_per_feature").isJsonNull())
        .isTrue();
    assertThat(Geometry.of(new double[][] {{1, -1}}).toJson().toString())
        .contains("effective_features", "0.5");
  }

  @Test
  void raggedEmptyAndInfiniteMatricesAreRefused() {
    assertThatThrownBy(() -> Geometry.of(new float[][] {{1, 2}, {1}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 1");
    assertThatThrownBy(() -> Geometry.of(new float[0][]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Geometry.of(new double[1][0])).hasMessageContaining("[1, 0]");
    assertThatThrownBy(() -> Geometry.of(new double[][] {{1, Double.NaN}}))
        .hasMessageContaining("W[0, 1] is NaN");
    assertThatThrownBy(() -> Geometry.of(Nd4j.zeros(3))).hasMessageContaining("[3]");
  }
}
