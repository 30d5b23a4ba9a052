package dev.circuitscope.toymodels.computation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsymmetricSuperpositionTest {

  /**
   * Features 0 and 1 in the paper's motif: neuron 0 is shared; neuron 1 serves the other sign of
   * feature 1; neuron 2 fires with feature 0 and inhibits output 1 by the 4 that neuron 0 adds.
   */
  private final double[][] w1 = {{2, -0.5}, {0, 1}, {1, 0}};

  private final double[][] w2 = {{0.5, 0, 0}, {2, 1, -4}};

  @Nested
  class ThePapersMotif {

    @Test
    void isFoundWithItsInhibitor() {
      AsymmetricSuperposition found = AsymmetricSuperposition.of(w1, w2);
      assertThat(found.motifs()).hasSize(1);
      AsymmetricMotif motif = found.motifs().get(0);
      assertThat(motif.neuron()).isZero();
      assertThat(motif.strong()).isZero();
      assertThat(motif.weak()).isEqualTo(1);
      assertThat(motif.strongGain()).isEqualTo(1);
      assertThat(motif.weakGain()).isEqualTo(1);
      assertThat(motif.crosstalk()).isEqualTo(4);
      assertThat(motif.inhibition()).isEqualTo(1);
      assertThat(motif.inhibitors()).containsExactly(2);
    }

    @Test
    void computesWhatItIsSaidToCompute() {
      // y = W2 ReLU(W1 x): x_1 = -1 gives output 1, and a little on output 0; x_0 = 1 gives output
      // 0.
      assertThat(output(0, -1)).containsExactly(0.25, 1);
      assertThat(output(1, 0)).containsExactly(1, 0);
    }

    private double[] output(double... x) {
      double[] y = new double[2];
      for (int k = 0; k < 3; k++) {
        double h = Math.max(0, w1[k][0] * x[0] + w1[k][1] * x[1]);
        y[0] += w2[0][k] * h;
        y[1] += w2[1][k] * h;
      }
      return y;
    }

    @ParameterizedTest(name = "read {0} times as strongly, written so many times less")
    @ValueSource(doubles = {0.1, 3})
    void doesNotDependOnTheScaleOfANeuron(double c) {
      for (int i = 0; i < 2; i++) {
        w1[0][i] *= c;
        w2[i][0] /= c;
      }
      AsymmetricSuperposition found = AsymmetricSuperposition.of(w1, w2);
      assertThat(found.motifs()).hasSize(1);
      assertThat(found.motifs().get(0).crosstalk()).isCloseTo(4, within(1e-12));
      assertThat(found.motifs().get(0).inhibition()).isCloseTo(1, within(1e-12));
    }

    @ParameterizedTest(name = "of features {0}")
    @ValueSource(strings = {"0", "1", "01"})
    void isTheSameWithTheSignTurnedRound(String features) {
      AsymmetricSuperposition before = AsymmetricSuperposition.of(w1, w2);
      for (double[] row : w1) {
        for (char feature : features.toCharArray()) {
          row[feature - '0'] *= -1;
        }
      }
      assertThat(AsymmetricSuperposition.of(w1, w2)).isEqualTo(before);
    }

    @Test
    void isFoundAmongManyNeuronsOfSmallWeights() {
      SplittableRandom random = new SplittableRandom(4);
      double[][] large1 = new double[40][100];
      double[][] large2 = new double[100][40];
      for (int k = 0; k < 40; k++) {
        for (int i = 0; i < 100; i++) {
          large1[k][i] = random.nextDouble(-0.05, 0.05);
          large2[i][k] = random.nextDouble(-0.05, 0.05);
        }
      }
      int[] neurons = {17, 5, 30};
      int[] features = {80, 3};
      for (int k = 0; k < 3; k++) {
        for (int i = 0; i < 2; i++) {
          large1[neurons[k]][features[i]] = w1[k][i];
          large2[features[i]][neurons[k]] = w2[i][k];
        }
      }
      AsymmetricSuperposition found = AsymmetricSuperposition.of(large1, large2);
      assertThat(found.motifs()).hasSize(1);
      assertThat(found.motifs().get(0).toString())
          .contains("neuron 17", "feature 80 strong", "feature 3 weak", "[30]");
    }
  }

  @Nested
  class WhatIsNotTheMotif {

    @Test
    void withoutInhibition() {
      w2[1][2] = -1;
      assertThat(AsymmetricSuperposition.of(w1, w2).motifs()).isEmpty();
      AsymmetricSuperposition.Criteria lax = new AsymmetricSuperposition.Criteria(0.5, 2, 0);
      assertThat(AsymmetricSuperposition.of(w1, w2, lax).motifs()).hasSize(1);
      assertThat(AsymmetricSuperposition.of(w1, w2, lax).motifs().get(0).inhibition())
          .isEqualTo(0.25);
    }

    @Test
    void symmetricSuperposition() {
      assertThat(
              AsymmetricSuperposition.of(
                      new double[][] {{1, -1}, {1, 0}, {0, -1}},
                      new double[][] {{1, 0, -1}, {1, -1, 0}})
                  .motifs())
          .isEmpty();
    }

    @Test
    void dedicatedPairs() {
      assertThat(
              AsymmetricSuperposition.of(
                      new double[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}},
                      new double[][] {{1, 1, 0, 0}, {0, 0, 1, 1}})
                  .motifs())
          .isEmpty();
    }

    @Test
    void inhibitionWhileTheOtherSignOfTheStrongFeatureIsActive() {
      w1[2][0] = -1;
      assertThat(AsymmetricSuperposition.of(w1, w2).motifs()).isEmpty();
    }

    @Test
    void asymmetryOfReadingAlone() {
      // Gains 1 and 1/2, but both features are written alike.
      w2[0][0] = 0.5;
      w2[1][0] = 0.9;
      w1[0][1] = -0.6;
      assertThat(AsymmetricSuperposition.of(w1, w2).motifs()).isEmpty();
    }

    @Test
    void aFeatureThatIsServedTooWeakly() {
      w1[0][1] = -0.2;
      assertThat(AsymmetricSuperposition.of(w1, w2).motifs()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void anythingBeforeTraining(long seed) {
      ToyConfig config = absoluteValues(10, 15).steps(0).seed(seed).build();
      ToyModel start = ToyTrainer.of(config).train().best(0).model();
      assertThat(AsymmetricSuperposition.of(start).motifs()).isEmpty();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  @DisplayName("appears when models learn absolute values of sparse features, never of dense ones")
  void appearsInTraining(long seed) {
    ToyConfig config =
        absoluteValues(10, 15)
            .featureProbabilities(List.of(1.0, 0.1))
            .restarts(3)
            .steps(8_000)
            .batch(512)
            .learningRate(3e-3)
            .schedule(ToySchedule.LINEAR)
            .seed(seed)
            .build();
    ToyResults results = ToyTrainer.of(config).train();
    for (ToyRun dense : results.restarts(0)) {
      assertThat(AsymmetricSuperposition.of(dense.model()).motifs()).isEmpty();
    }
    assertThat(results.restarts(1))
        .flatExtracting(run -> AsymmetricSuperposition.of(run.model()).motifs())
        .hasSizeGreaterThanOrEqualTo(3)
        .allSatisfy(motif -> assertThat(motif.inhibition()).isGreaterThan(0.8));
  }

  private static ToyConfig.Builder absoluteValues(int features, int neurons) {
    return ToyConfig.builder(features, neurons)
        .architecture(ToyArchitecture.ABSOLUTE_VALUE)
        .geometricImportance(0.8);
  }

  @Test
  void resultsPrintAndGoToJson() {
    assertThat(AsymmetricSuperposition.of(w1, w2).toString())
        .contains("1 asymmetric motifs among 3 neurons", "100% inhibited by [2]");
    assertThat(AsymmetricSuperposition.of(w1, w2).toJson().toString())
        .contains("\"crosstalk\":4.0");
    assertThat(AsymmetricSuperposition.of(new double[0][], new double[0][]).motifs()).isEmpty();
  }

  @Test
  void matricesThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> AsymmetricSuperposition.of(w1, w1))
        .hasMessageContaining("W1 [neurons][features]")
        .hasMessageContaining("has 2");
    w2[0][0] = Double.NaN;
    assertThatThrownBy(() -> AsymmetricSuperposition.of(w1, w2)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new AsymmetricSuperposition.Criteria(1, 1, 0))
        .hasMessageContaining("asymmetry");
  }
}
