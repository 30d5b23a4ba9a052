package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import dev.circuitscope.toymodels.geometry.SetGeometry;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UniformImportanceTest {

  @Test
  void sixtyFeaturesInSixDimensionsAreDenseThenSixDigonsThenSmallerFractions() {
    ToyConfig config =
        ToyConfig.builder(60, 6)
            .featureProbabilities(List.of(1.0, 1 / 3.0, 1 / 3.5, 1 / 20.0))
            .steps(6000)
            .learningRate(3e-3)
            .schedule(ToySchedule.COSINE)
            .seed(1)
            .build();
    List<Geometry> found =
        ToyTrainer.of(config).train().best().stream().map(ToyRun::geometry).toList();
    assertThat(found.get(0).dimensionsPerFeature()).isCloseTo(1, within(0.05));
    for (int digons = 1; digons <= 2; digons++) {
      assertThat(found.get(digons).dimensionsPerFeature()).isCloseTo(0.5, within(0.05));
      assertThat(InterferenceGraph.of(found.get(digons)).counts()).containsEntry("digon", 6);
    }
    assertThat(found.get(3).dimensionsPerFeature()).isLessThan(0.2);
    for (Geometry geometry : found) {
      assertThat(Arrays.stream(geometry.dimensionality()).sum()).isCloseTo(6, within(0.06));
    }
  }

  @Test
  void correlatedSetsOfTenHaveLocalBases() {
    ToyConfig config =
        ToyConfig.builder(20, 10)
            .distribution(new CorrelatedSets(10))
            .featureProbability(0.05)
            .restarts(2)
            .steps(4000)
            .learningRate(3e-3)
            .schedule(ToySchedule.COSINE)
            .build();
    SetGeometry sets = SetGeometry.of(ToyTrainer.of(config).train().best(0).geometry(), 10);
    assertThat(sets.across()).isGreaterThan(4 * sets.within());
  }

  @Test
  void threeDenseCorrelatedPairsInAPlaneCollapse() {
    ToyConfig config =
        ToyConfig.builder(6, 2)
            .distribution(new CorrelatedSets(2))
            .featureProbability(0.8)
            .restarts(4)
            .steps(4000)
            .learningRate(3e-3)
            .schedule(ToySchedule.COSINE)
            .build();
    SetGeometry sets = SetGeometry.of(ToyTrainer.of(config).train().best(0).geometry(), 2);
    assertThat(sets.collapsed()).isEqualTo(3);
  }
}
