package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sections "Correlated and Anticorrelated Features" and "Superposition in a Privileged Basis". */
class StructuredFeaturesTest {

  private static double[][] cosines(FeatureDistribution twoPairs) {
    ToyConfig config =
        ToyConfig.builder(4, 2)
            .distribution(twoPairs)
            .featureProbability(0.05)
            .restarts(4)
            .steps(5000)
            .build();
    ToyRun best = ToyTrainer.of(config).train().best(0);
    assertThat(best.geometry().featuresKept()).isEqualTo(4);
    double[] norms = best.geometry().norms();
    double[][] cosines = best.geometry().gram().toDoubleMatrix();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        cosines[i][j] /= norms[i] * norms[j];
      }
    }
    return cosines;
  }

  @Test
  void correlatedPairsAreOrthogonalInsideAndAntipodalToTheOther() {
    double[][] cosines = cosines(new CorrelatedSets(2));
    for (int i = 0; i < 4; i += 2) {
      assertThat(cosines[i][i + 1]).as("within set %d", i / 2).isCloseTo(0, within(0.05));
      assertThat(Math.min(cosines[i][2 - i], cosines[i][3 - i]))
          .as("to the other set")
          .isCloseTo(-1, within(0.05));
    }
  }

  @Test
  void anticorrelatedPairsAreAntipodal() {
    double[][] cosines = cosines(new AnticorrelatedSets(2));
    assertThat(cosines[0][1]).isCloseTo(-1, within(0.02));
    assertThat(cosines[2][3]).isCloseTo(-1, within(0.02));
  }

  @Test
  void neuronsAreMonosemanticWhenFeaturesAreDenseAndPolysemanticWhenTheyAreSparse() {
    ToyConfig config =
        ToyConfig.builder(10, 5)
            .architecture(ToyArchitecture.RELU_HIDDEN)
            .geometricImportance(0.75)
            .featureProbabilities(List.of(1.0, 0.1))
            .restarts(3)
            .build();
    ToyResults results = ToyTrainer.of(config).train();

    var dense = results.best(0).geometry();
    assertThat(dense.featuresKept()).isEqualTo(5);
    assertThat(dense.neurons().dominant()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    assertThat(Arrays.stream(dense.neurons().polysemanticity()).max().orElseThrow())
        .isLessThan(0.1);

    var sparse = results.best(1).geometry();
    assertThat(sparse.featuresKept()).isGreaterThan(6);
    assertThat(Arrays.stream(sparse.neurons().effectiveFeatures()).average().orElseThrow())
        .isGreaterThan(2);
  }
}
