package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

class ToyBatchesTest {

  private static ToyConfig config(int batch) {
    return ToyConfig.builder(3, 2)
        .featureProbabilities(List.of(1.0, 0.3))
        .batch(batch)
        .seed(9)
        .build();
  }

  @ParameterizedTest(name = "batch {0}")
  @ValueSource(ints = {1, 127, 128, 129, 300})
  void areTheSamplesThatTrainingDraws(int batch) {
    ToyConfig config = config(batch);
    for (int instance = 0; instance < 2; instance++) {
      for (int step : new int[] {0, 7}) {
        INDArray x = ToyBatches.of(config, instance).at(step);
        assertThat(x.shape()).containsExactly(batch, 3);
        long stream = Instance.batchKey(config, instance, step);
        double[][] samples = x.toDoubleMatrix();
        for (int s = 0; s < batch; s++) {
          double[] expected =
              ReferenceModel.sample(stream, s, 3, config.featureProbability(instance));
          assertThat(samples[s]).as("sample %d", s).containsExactly(expected, within(1e-6));
        }
      }
    }
  }

  @Test
  void giveALossThatIsTheTrainersOwn() {
    ToyConfig config = ToyConfig.builder(3, 2).batch(50).steps(1).build();
    ToyRun run = ToyTrainer.of(config).snapshotAt(0).train().runs().get(0);
    INDArray x = ToyBatches.of(config, 0).at(0);
    INDArray error = run.snapshots().get(0).model().reconstruct(x).sub(x);
    assertThat(error.mul(error).meanNumber().doubleValue())
        .isCloseTo(run.history().last(), within(1e-6));
  }

  @Test
  void ofAnUnknownInstanceOrANegativeStepAreRefused() {
    assertThatThrownBy(() -> ToyBatches.of(config(1), 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> ToyBatches.of(config(1), 0).at(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
