package dev.circuitscope.toymodels.computation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.List;
import org.junit.jupiter.api.Test;

class AbsoluteValueNeuronsTest {

  @Test
  void aModelThatComputesItExactlyHasLossZeroAndAPurePairPerFeature() {
    float[][] w1 = {{2, 0}, {-1, 0}, {0, 0.5f}, {0, -4}};
    float[][] w2 = {{0.5f, 1, 0, 0}, {0, 0, 2, 0.25f}};
    ToyModel exact = ToyModel.absoluteValue(w1, w2, new float[2]);
    assertThat(exact.sampledLoss(List.of(1f, 1f), 0.3, 10_000, 1)).isLessThan(1e-14);
    AbsoluteValueNeurons neurons = AbsoluteValueNeurons.of(exact);
    assertThat(neurons.neurons())
        .containsExactly(
            new AbsoluteValueNeurons.Neuron(0, 1, 1, 1),
            new AbsoluteValueNeurons.Neuron(0, -1, 1, 1),
            new AbsoluteValueNeurons.Neuron(1, 1, 1, 1),
            new AbsoluteValueNeurons.Neuron(1, -1, 1, 1));
    assertThat(neurons.pairs(1)).containsExactly(0, 1);
    assertThat(neurons.serving(1, -1, 1)).containsExactly(3);
    assertThat(neurons.toString()).hasLineCount(5).contains("purity");
    assertThat(neurons.toJson().toString()).contains("\"gain\":1.0");
  }

  @Test
  void aNeuronOfTwoFeaturesIsHalfAsPureInWhatItReadsAndWrites() {
    float[][] w1 = {{1, -1}, {1, 0}, {0, 0}};
    float[][] w2 = {{1, -1, 1}, {1, 0, 0}};
    AbsoluteValueNeurons neurons =
        AbsoluteValueNeurons.of(ToyModel.absoluteValue(w1, w2, new float[2]));
    assertThat(neurons.neurons())
        .containsExactly(
            new AbsoluteValueNeurons.Neuron(0, 1, 1, 0.25),
            new AbsoluteValueNeurons.Neuron(-1, 0, 0, 0),
            new AbsoluteValueNeurons.Neuron(-1, 0, 0, 0));
    assertThat(neurons.pairs(0.1)).isEmpty();
  }

  @Test
  void whatANeuronWritesToUnimportantFeaturesHardlyMattersToItsPurity() {
    float[][] w1 = {{1, 0}};
    float[][] w2 = {{1}, {3}};
    ToyModel model = ToyModel.absoluteValue(w1, w2, new float[2]);
    assertThat(AbsoluteValueNeurons.of(model).neurons().get(0).purity())
        .isCloseTo(0.1, within(1e-15));
    assertThat(AbsoluteValueNeurons.of(model, List.of(1, 0.01)).neurons().get(0).purity())
        .isCloseTo(1 / 1.09, within(1e-15));
    assertThat(AbsoluteValueNeurons.of(model, List.of(0, 0)).neurons().get(0).purity()).isZero();
    assertThatThrownBy(() -> AbsoluteValueNeurons.of(model, List.of(1)))
        .hasMessageContaining("2 features, but 1 numbers");
  }

  @Test
  void trainingStartsWithEverySignOfEveryFeatureAlive() {
    ToyConfig config =
        ToyConfig.builder(7, 5).architecture(ToyArchitecture.ABSOLUTE_VALUE).steps(0).build();
    ToyModel start = ToyTrainer.of(config).train().best(0).model();
    float[] x = new float[7];
    for (int i = 0; i < 7; i++) {
      for (int sign : new int[] {-1, 1}) {
        x[i] = sign;
        assertThat(start.reconstruct(x)[i]).isPositive();
        x[i] = 0;
      }
      for (int k = 0; k < 5; k++) {
        assertThat(start.decoder()[i][k]).isEqualTo(Math.abs(start.weights()[k][i]));
      }
    }
  }

  @Test
  void trainingWithTwoNeuronsPerFeatureFindsThePairs() {
    ToyConfig config =
        ToyConfig.builder(3, 6)
            .architecture(ToyArchitecture.ABSOLUTE_VALUE)
            .featureProbability(0.3)
            .restarts(5)
            .build();
    ToyRun best = ToyTrainer.of(config).train().best(0);
    assertThat(best.finalLoss()).isLessThan(1e-4);
    AbsoluteValueNeurons neurons = AbsoluteValueNeurons.of(best.model());
    assertThat(neurons.pairs(0.95)).containsExactly(0, 1, 2);
    assertThat(neurons.neurons())
        .allSatisfy(
            neuron -> {
              assertThat(neuron.purity()).isGreaterThan(0.95);
              assertThat(neuron.gain()).isCloseTo(1, within(0.02));
            });
  }

  @Test
  void modelsThatComputeSomethingElseAreRefused() {
    ToyModel other = ToyModel.of(new float[][] {{1}}, new float[1], ToyActivation.RELU_OUTPUT);
    assertThatThrownBy(() -> AbsoluteValueNeurons.of(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RELU_OUTPUT")
        .hasMessageContaining("geometry()");
    assertThatThrownBy(() -> AsymmetricSuperposition.of(other))
        .hasMessageContaining("ABSOLUTE_VALUE");
  }
}
