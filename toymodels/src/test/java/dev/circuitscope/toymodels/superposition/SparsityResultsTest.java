package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import dev.circuitscope.toymodels.theory.ExactMinimum;
import dev.circuitscope.toymodels.theory.SparsityExpansion;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is kept of dense and of sparse features: "Basic Results" of the paper. */
class SparsityResultsTest {

  private static double squaredNorm(Geometry geometry) {
    return Arrays.stream(geometry.norms()).map(norm -> norm * norm).sum();
  }

  private static void assertTopKept(ToyRun run, int top) {
    double[] norms = run.geometry().norms();
    float[] bias = run.model().bias();
    for (int i = 0; i < norms.length; i++) {
      assertThat(norms[i]).as("norm of feature %d", i).isCloseTo(i < top ? 1 : 0, within(0.05));
      double mean = i < top ? 0 : run.featureProbability() / 2;
      assertThat((double) bias[i]).as("bias %d", i).isCloseTo(mean, within(0.03));
    }
    assertThat(squaredNorm(run.geometry())).isCloseTo(top, within(0.05));
  }

  @Nested
  class FiveFeaturesInTwoDimensions {

    @Test
    void whenDenseTheMoreImportantTwoAreKeptAndTheRestIsGuessed() {
      ToyConfig config =
          ToyConfig.builder(5, 2).geometricImportance(0.95).learningRate(3e-3).restarts(3).build();
      assertTopKept(ToyTrainer.of(config).train().best(0), 2);
    }

    /** With no feature to prefer, keeping two is a stationary point, but it is not the best. */
    @Test
    void whenDenseAndEquallyImportantAllShareTwoDimensions() {
      ToyConfig config = ToyConfig.builder(5, 2).restarts(3).build();
      ToyRun best = ToyTrainer.of(config).train().best(0);
      assertThat(squaredNorm(best.geometry())).isCloseTo(2, within(0.05));

      AnalyticModel trained = AnalyticModel.of(best.model(), config.importance());
      double[][] two = {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}};
      double[] bias = {0, 0, 0.5, 0.5, 0.5};
      AnalyticModel twoKept =
          new AnalyticModel(two, bias, trained.importance(), ToyActivation.RELU_OUTPUT);
      double loss = SparsityExpansion.exact(twoKept).mean(1);
      assertThat(loss).isCloseTo(3 / 12.0 / 5, within(1e-12));
      assertThat(ExactMinimum.from(twoKept, 1).mean()).isCloseTo(loss, within(1e-12));
      assertThat(SparsityExpansion.exact(trained).mean(1)).isLessThan(loss);
      assertThat(ExactMinimum.from(trained, 1).mean()).isLessThan(0.04994);
    }

    @Test
    void whenSparseAllFiveFormAPentagon() {
      ToyConfig config = ToyConfig.builder(5, 2).featureProbability(0.05).restarts(3).build();
      Geometry geometry = ToyTrainer.of(config).train().best(0).geometry();
      assertThat(geometry.featuresKept()).isEqualTo(5);
      for (double dimensionality : geometry.dimensionality()) {
        assertThat(dimensionality).isCloseTo(0.40, within(0.02));
      }
    }
  }

  @Nested
  class TwentyFeaturesInFiveDimensions {

    private ToyConfig.Builder twenty() {
      return ToyConfig.builder(20, 5).geometricImportance(0.7);
    }

    @Test
    void whenDenseTheTopFiveAreKeptAndWhenSparseMore() {
      ToyConfig config = twenty().featureProbabilities(List.of(1.0, 0.01)).build();
      ToyResults results = ToyTrainer.of(config).train();
      assertTopKept(results.best(0), 5);
      assertThat(squaredNorm(results.best(1).geometry())).isGreaterThan(11);
    }

    @Test
    void aLinearModelKeepsTheTopFiveAtAnySparsity() {
      ToyConfig config =
          twenty()
              .architecture(ToyArchitecture.LINEAR)
              .featureProbabilities(List.of(1.0, 0.1, 0.01))
              .build();
      ToyTrainer.of(config).train().best().forEach(run -> assertTopKept(run, 5));
    }
  }
}
