package dev.circuitscope.toymodels.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RegularFigureTest {

  static Stream<RegularFigure> figures() {
    return Stream.of(
            Stream.of(RegularFigure.DEDICATED, RegularFigure.SQUARE_ANTIPRISM),
            IntStream.of(1, 2, 3, 4, 9, 30).mapToObj(RegularFigure::simplex),
            IntStream.of(3, 4, 5, 6, 7, 31, 100).mapToObj(RegularFigure::polygon),
            IntStream.of(1, 2, 3, 4, 16).mapToObj(RegularFigure::crossPolytope))
        .flatMap(figures -> figures);
  }

  @ParameterizedTest
  @MethodSource("figures")
  void hasUnitCornersOfExactlyEqualDimensionality(RegularFigure figure) {
    Geometry geometry = Geometry.of(figure.weights());
    assertThat(geometry.features()).isEqualTo(figure.corners());
    assertThat(geometry.hidden()).isEqualTo(figure.dimensions());
    double expected = (double) figure.dimensions() / figure.corners();
    for (int i = 0; i < figure.corners(); i++) {
      assertThat(geometry.norms()[i]).isCloseTo(1, within(1e-12));
      assertThat(geometry.dimensionality()[i]).isCloseTo(expected, within(1e-12));
    }
    assertThat(figure.dimensionality()).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("figures")
  void isATightFrameSoThatDimensionalitiesSumToTheDimensions(RegularFigure figure) {
    double[][] w = figure.weights();
    for (int k = 0; k < w.length; k++) {
      for (int l = 0; l < w.length; l++) {
        double sum = 0;
        for (int i = 0; i < figure.corners(); i++) {
          sum += w[k][i] * w[l][i];
        }
        double expected = k == l ? (double) figure.corners() / w.length : 0;
        assertThat(sum).isCloseTo(expected, within(1e-12));
      }
    }
    assertThat(Arrays.stream(Geometry.of(w).dimensionality()).sum())
        .isCloseTo(figure.dimensions(), within(1e-10));
  }

  @ParameterizedTest
  @MethodSource("figures")
  void hasTheDotProductsOfItsCorners(RegularFigure figure) {
    Geometry geometry = Geometry.of(figure.weights());
    for (int i = 0; i < figure.corners(); i++) {
      for (int j = 0; j < figure.corners(); j++) {
        assertThat(figure.dot(i, j)).isCloseTo(geometry.dot(i, j), within(1e-12));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("figures")
  void hasCornersThatAreAllAlike(RegularFigure figure) {
    double[] first = sortedDots(figure, 0);
    for (int i = 1; i < figure.corners(); i++) {
      assertThat(sortedDots(figure, i)).containsExactly(first, within(1e-12));
    }
  }

  private static double[] sortedDots(RegularFigure figure, int i) {
    return IntStream.range(0, figure.corners())
        .mapToDouble(j -> figure.dot(i, j))
        .sorted()
        .toArray();
  }

  @ParameterizedTest(name = "{0}: {1} / {2}")
  @CsvSource({
    "digon, 1, 2",
    "triangle, 2, 3",
    "tetrahedron, 3, 4",
    "pentagon, 2, 5",
    "square antiprism, 3, 8",
    "octahedron, 3, 6",
    "dedicated, 1, 1",
  })
  void hasThePapersNameAndFraction(String name, int m, int n) {
    List<RegularFigure> named =
        RegularFigure.withCorners(n).stream().filter(f -> f.toString().equals(name)).toList();
    assertThat(named).hasSize(1);
    assertThat(named.get(0).dimensionality()).isEqualTo((double) m / n);
  }

  @Test
  void isOneValueHoweverItIsAskedFor() {
    assertThat(RegularFigure.polygon(3)).isEqualTo(RegularFigure.TRIANGLE);
    assertThat(RegularFigure.crossPolytope(1)).isEqualTo(RegularFigure.DIGON);
    assertThat(RegularFigure.crossPolytope(2)).isEqualTo(RegularFigure.SQUARE);
    assertThat(figures()).extracting(RegularFigure::toString).contains("31-gon", "9-simplex");
  }

  @Test
  void thatDoesNotExistIsRefused() {
    assertThatThrownBy(() -> RegularFigure.polygon(2)).hasMessageContaining("2 corners");
    assertThatThrownBy(() -> RegularFigure.simplex(0)).hasMessageContaining("0 dimensions");
    assertThatThrownBy(() -> RegularFigure.product()).hasMessageContaining("at least one");
    assertThatThrownBy(() -> RegularFigure.DIGON.dot(0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void productsAreBlockDiagonal() {
    assertThat(RegularFigure.product(RegularFigure.DIGON, RegularFigure.DEDICATED))
        .isDeepEqualTo(new double[][] {{1, -1, 0}, {0, 0, 1}});
  }
}
