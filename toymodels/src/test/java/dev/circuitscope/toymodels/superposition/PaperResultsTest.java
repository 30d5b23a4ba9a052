package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import dev.circuitscope.toymodels.theory.ExactMinimum;
import dev.circuitscope.toymodels.theory.SparsityExpansion;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** "Toy Models of Superposition", first figure: five features in two dimensions, I = 0.9^i. */
class PaperResultsTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {0, 1})
  void denseFeaturesAreDroppedAndSparseOnesFormAPentagon(long seed) {
    ToyConfig config =
        ToyConfig.builder(5, 2)
            .geometricImportance(0.9)
            .featureProbabilities(List.of(1.0, 0.05))
            .restarts(4)
            .seed(seed)
            .build();
    ToyResults results = ToyTrainer.of(config).train();

    Geometry dense = results.best(0).geometry();
    assertThat(dense.featuresKept()).isEqualTo(2);
    for (int i = 0; i < 5; i++) {
      assertThat(dense.norms()[i]).isCloseTo(i < 2 ? 1 : 0, within(0.05));
    }

    Geometry pentagon = results.best(1).geometry();
    assertThat(pentagon.featuresKept()).isEqualTo(5);
    for (double dimensionality : pentagon.dimensionality()) {
      assertThat(dimensionality).isCloseTo(0.40, within(0.02));
    }
    assertThat(InterferenceGraph.of(pentagon).components())
        .singleElement()
        .extracting(InterferenceGraph.Component::figure)
        .isEqualTo(Optional.of(RegularFigure.PENTAGON));

    AnalyticModel model = AnalyticModel.of(results.best(1).model(), config.importance());
    double least = ExactMinimum.from(model, 0.05).mean();
    assertThat(SparsityExpansion.exact(model).mean(0.05))
        .isCloseTo(results.best(1).finalLoss(), Percentage.withPercentage(5))
        .isBetween(least, 1.02 * least);
  }
}
