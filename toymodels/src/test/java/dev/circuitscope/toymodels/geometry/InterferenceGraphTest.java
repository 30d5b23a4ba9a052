package dev.circuitscope.toymodels.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InterferenceGraphTest {

  @ParameterizedTest
  @MethodSource("dev.circuitscope.toymodels.geometry.RegularFigureTest#figures")
  void aTurnedShuffledAndScaledFigureIsFound(RegularFigure figure) {
    double[][] w = scale(turn(shuffle(figure.weights(), 3), 4), 1.3);
    InterferenceGraph graph = InterferenceGraph.of(Geometry.of(w), GeometryTolerance.EXACT);
    boolean digons =
        figure.family() == RegularFigure.Family.CROSS_POLYTOPE
            || figure.equals(RegularFigure.SQUARE);
    assertThat(graph.unlearned()).isEmpty();
    // The pairs of a cross-polytope share no direction: each is a component of its own.
    assertThat(graph.components()).hasSize(digons ? figure.dimensions() : 1);
    assertThat(graph.components())
        .allSatisfy(
            component -> {
              assertThat(component.figure()).contains(digons ? RegularFigure.DIGON : figure);
              assertThat(component.rank()).isEqualTo(digons ? 1 : figure.dimensions());
              assertThat(component.totalDimensionality())
                  .isCloseTo(component.rank(), within(1e-10));
            });
  }

  @Test
  void aProductOfFiguresIsTakenApart() {
    double[][] product =
        RegularFigure.product(
            RegularFigure.TETRAHEDRON,
            RegularFigure.DIGON,
            RegularFigure.PENTAGON,
            RegularFigure.DIGON,
            RegularFigure.SQUARE_ANTIPRISM,
            RegularFigure.DEDICATED);
    InterferenceGraph graph = InterferenceGraph.of(Geometry.of(turn(shuffle(product, 1), 2)));
    assertThat(graph.counts())
        .containsOnly(
            Map.entry("tetrahedron", 1),
            Map.entry("digon", 2),
            Map.entry("pentagon", 1),
            Map.entry("square antiprism", 1),
            Map.entry("dedicated", 1));
    assertThat(graph.components().stream().mapToInt(InterferenceGraph.Component::rank).sum())
        .isEqualTo(11);
    assertThat(graph.toString()).contains("6 components", "square antiprism").hasLineCount(7);
    assertThat(graph.toJson().toString()).contains("\"name\":\"pentagon\"");
  }

  @Nested
  class AFigureIsToldByItsDotProductsAndNotByDimensionalityAlone {

    @Test
    void sixFeaturesWithDimensionalityOneHalfNeedNotBeAnOctahedronOrDigons() {
      // Every tight frame of unit vectors has D_i = m/n.
      double[][] w = tightFrame(3, 6, 5);
      Geometry geometry = Geometry.of(w);
      for (double d : geometry.dimensionality()) {
        assertThat(d).isCloseTo(0.5, within(1e-6));
      }
      InterferenceGraph graph = InterferenceGraph.of(geometry);
      assertThat(graph.components()).hasSize(1);
      assertThat(graph.components().get(0).figure()).isEmpty();
      assertThat(graph.components().get(0).name()).isEqualTo("6 features in 3 dimensions");
      assertThat(DimensionalityClusters.of(geometry).clusters())
          .extracting(DimensionalityClusters.Cluster::name)
          .containsExactly("digon");
    }

    @Test
    void theAntiprismWithEqualEdgesIsNotTheTightOneButNearIt() {
      // Edges: 2 r^2 = 4 h^2 + 4 r^2 sin^2(22.5 degrees), with r^2 + h^2 = 1.
      double ratio = 0.5 - Math.pow(Math.sin(Math.PI / 8), 2);
      double r = Math.sqrt(1 / (1 + ratio)) / Math.sqrt(2 / 3.0);
      double h = Math.sqrt(ratio / (1 + ratio)) / Math.sqrt(1 / 3.0);
      double[][] w = RegularFigure.SQUARE_ANTIPRISM.weights();
      for (int i = 0; i < 8; i++) {
        w[0][i] *= r;
        w[1][i] *= r;
        w[2][i] *= h;
      }
      Geometry geometry = Geometry.of(w);
      assertThat(h * Math.sqrt(1 / 3.0)).isCloseTo(0.511, within(5e-4));
      assertThat(geometry.dimensionality()[0]).isCloseTo(0.366, within(5e-4));
      assertThat(InterferenceGraph.of(geometry, GeometryTolerance.EXACT).components().get(0).name())
          .isEqualTo("8 features in 3 dimensions");
      GeometryTolerance loose = new GeometryTolerance(0.5, 0.1, 0.01, 0.15);
      assertThat(InterferenceGraph.of(geometry, loose).components().get(0).figure())
          .contains(RegularFigure.SQUARE_ANTIPRISM);
    }

    @Test
    void unequalNormsAreNoRegularFigure() {
      double[][] w = RegularFigure.TRIANGLE.weights();
      w[0][0] *= 1.3;
      assertThat(InterferenceGraph.of(Geometry.of(w)).components().get(0).figure()).isEmpty();
    }
  }

  @Test
  void shortFeaturesAreLeftOutAndLongOnesAloneAreDedicated() {
    InterferenceGraph graph =
        InterferenceGraph.of(Geometry.of(new double[][] {{0.02, 1, 0.01}, {0, 0.01, 0.9}}));
    assertThat(graph.unlearned()).containsExactly(0);
    assertThat(graph.counts()).containsExactly(Map.entry("dedicated", 2));
    assertThat(InterferenceGraph.of(Geometry.of(new double[1][2])).components()).isEmpty();
  }

  @Test
  void toleranceOutOfRangeIsRefused() {
    assertThatThrownBy(() -> new GeometryTolerance(-1, 0, 0, 0)).hasMessageContaining("learned");
    assertThatThrownBy(() -> new GeometryTolerance(0, 1, 0, 0))
        .hasMessageContaining("orthogonal")
        .hasMessageContaining("less than 1");
    assertThatThrownBy(() -> new GeometryTolerance(0, 0, 0, Double.NaN))
        .hasMessageContaining("NaN");
  }

  static double[][] shuffle(double[][] w, long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, w[0].length).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    double[][] shuffled = new double[w.length][w[0].length];
    for (int k = 0; k < w.length; k++) {
      for (int i = 0; i < w[0].length; i++) {
        shuffled[k][i] = w[k][order.get(i)];
      }
    }
    return shuffled;
  }

  /** Reflects in random planes, which keeps dot products. */
  static double[][] turn(double[][] w, long seed) {
    Random random = new Random(seed);
    double[][] turned = w;
    for (int reflection = 0; reflection < 2 * w.length; reflection++) {
      double[] v = random.doubles(w.length, -1, 1).toArray();
      double square = 0;
      for (double x : v) {
        square += x * x;
      }
      double[][] next = new double[w.length][w[0].length];
      for (int i = 0; i < w[0].length; i++) {
        double dot = 0;
        for (int k = 0; k < w.length; k++) {
          dot += v[k] * turned[k][i];
        }
        for (int k = 0; k < w.length; k++) {
          next[k][i] = turned[k][i] - 2 * dot * v[k] / square;
        }
      }
      turned = next;
    }
    return turned;
  }

  private static double[][] scale(double[][] w, double by) {
    double[][] scaled = new double[w.length][w[0].length];
    for (int k = 0; k < w.length; k++) {
      for (int i = 0; i < w[0].length; i++) {
        scaled[k][i] = by * w[k][i];
      }
    }
    return scaled;
  }

  /** Descends the frame potential sum_ij (W_i . W_j)^2 of unit vectors, least for tight frames. */
  private static double[][] tightFrame(int m, int n, long seed) {
    Random random = new Random(seed);
    double[][] columns = new double[n][];
    for (int i = 0; i < n; i++) {
      columns[i] = unit(random.doubles(m, -1, 1).toArray());
    }
    for (int step = 0; step < 4000; step++) {
      double[][] frame = new double[m][m];
      for (double[] column : columns) {
        for (int k = 0; k < m; k++) {
          for (int l = 0; l < m; l++) {
            frame[k][l] += column[k] * column[l];
          }
        }
      }
      for (double[] column : columns) {
        double[] old = column.clone();
        for (int k = 0; k < m; k++) {
          for (int l = 0; l < m; l++) {
            column[k] -= 0.1 * frame[k][l] * old[l];
          }
        }
        System.arraycopy(unit(column), 0, column, 0, m);
      }
    }
    double[][] w = new double[m][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < m; k++) {
        w[k][i] = columns[i][k];
      }
    }
    return w;
  }

  private static double[] unit(double[] v) {
    double square = 0;
    for (double x : v) {
      square += x * x;
    }
    double[] unit = v.clone();
    for (int k = 0; k < v.length; k++) {
      unit[k] /= Math.sqrt(square);
    }
    return unit;
  }
}
