package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryTest {

  @Nested
  class DimensionalityIsThatOfThePapersClusters {

    @ParameterizedTest(name = "a regular {0}-gon")
    @CsvSource({"2, 0.5", "3, 0.66666667", "5, 0.4", "7, 0.28571429"})
    void regularPolygons(int corners, double expected) {
      float[][] w = new float[2][corners];
      for (int i = 0; i < corners; i++) {
        w[0][i] = (float) Math.cos(2 * Math.PI * i / corners);
        w[1][i] = (float) Math.sin(2 * Math.PI * i / corners);
      }
      assertThat(Geometry.of(w).dimensionality()).hasSize(corners);
      for (double d : Geometry.of(w).dimensionality()) {
        assertThat(d).isCloseTo(expected, within(1e-6));
      }
    }

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
      for (int j = 0; j < n; j++) {
        double projection = dot(w, i, j) / norm;
        all += projection * projection;
        others += j == i ? 0 : projection * projection;
        most = j == i ? most : Math.max(most, Math.abs(dot(w, i, j)));
        assertThat(geometry.gram().getDouble(i, j)).isCloseTo(dot(w, i, j), within(1e-12));
      }
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

  @Test
  void raggedAndEmptyMatricesAreRefused() {
    assertThatThrownBy(() -> Geometry.of(new float[][] {{1, 2}, {1}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 and 1");
    assertThatThrownBy(() -> Geometry.of(new float[0][]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
