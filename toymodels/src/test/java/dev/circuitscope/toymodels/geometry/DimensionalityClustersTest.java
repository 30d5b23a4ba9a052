package dev.circuitscope.toymodels.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.DimensionalityClusters.Cluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DimensionalityClustersTest {

  static List<RegularFigure> named() {
    return DimensionalityClusters.FIGURES;
  }

  @ParameterizedTest
  @MethodSource("named")
  void featuresOfAFigureLieOnItsLine(RegularFigure figure) {
    List<Cluster> clusters =
        DimensionalityClusters.of(Geometry.of(figure.weights()), GeometryTolerance.EXACT)
            .clusters();
    assertThat(clusters).hasSize(1);
    assertThat(clusters.get(0).name()).isEqualTo(figure.toString());
    assertThat(clusters.get(0).features()).hasSize(figure.corners());
    assertThat(clusters.get(0).mean()).isCloseTo(figure.dimensionality(), within(1e-12));
  }

  @Test
  void everyFeatureIsInOneClusterByAscendingDimensionality() {
    double[][] product =
        RegularFigure.product(
            RegularFigure.PENTAGON, RegularFigure.polygon(7), RegularFigure.SQUARE_ANTIPRISM);
    DimensionalityClusters found = DimensionalityClusters.of(Geometry.of(product));
    assertThat(found.clusters())
        .extracting(Cluster::name)
        .containsExactly("other", "square antiprism", "pentagon");
    assertThat(found.clusters().get(0).mean()).isCloseTo(2 / 7.0, within(1e-12));
    assertThat(found.clusters().get(1).features()).containsExactly(12, 13, 14, 15, 16, 17, 18, 19);
    assertThat(found.toString()).contains("pentagon", "5 features").hasLineCount(3);
    assertThat(found.toJson().toString()).contains("\"name\":\"pentagon\"");
  }

  @Test
  void aShortFeatureIsUnlearnedThoughNothingInterferesWithIt() {
    double[][] w = {{1, 0}, {0, 0.1}};
    assertThat(DimensionalityClusters.of(Geometry.of(w)).clusters())
        .extracting(Cluster::name)
        .containsExactlyInAnyOrder("unlearned", "dedicated");
    assertThat(DimensionalityClusters.of(Geometry.of(new double[1][1])).clusters())
        .containsExactly(new Cluster("unlearned", List.of(0), 0));
  }

  @Test
  void whatLiesOnNoLineIsGroupedWhereThereAreGaps() {
    double[][] product =
        RegularFigure.product(
            RegularFigure.polygon(7), RegularFigure.polygon(9), RegularFigure.polygon(9));
    assertThat(DimensionalityClusters.of(Geometry.of(product)).clusters())
        .extracting(c -> c.features().size())
        .containsExactly(18, 7);
  }
}
