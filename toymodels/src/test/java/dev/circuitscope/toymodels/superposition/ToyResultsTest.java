package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonObject;
import dev.circuitscope.toymodels.theory.AnalyticModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class ToyResultsTest {

  private final ToyResults results =
      ToyTrainer.of(
              ToyConfig.builder(4, 2)
                  .featureProbabilities(List.of(1.0, 0.1))
                  .restarts(2)
                  .steps(20)
                  .seed(9)
                  .build())
          .snapshotAt(0)
          .train();

  @Test
  void groupRestartsByFeatureProbability() {
    assertThat(results.restarts(1)).extracting(ToyRun::instance).containsExactly(1, 3);
    assertThat(results.restarts(1)).extracting(ToyRun::restart).containsExactly(0, 1);
    assertThat(results.restarts(1)).extracting(ToyRun::featureProbability).containsOnly(0.1);
    assertThat(results.best()).hasSize(2).contains(results.best(0), results.best(1));
    assertThatThrownBy(() -> results.best(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void printTheirProvenanceAndOneLinePerProbability() {
    assertThat(results.toString())
        .contains("n = 4, m = 2", "seed 9", "version 0.", "1.0000", "0.1000", "of 2")
        .hasLineCount(4);
  }

  @Test
  void goToJsonWithConfigurationVersionAndWeights() {
    JsonObject json = results.toJson();
    assertThat(json.get("version").getAsString()).matches("\\d+\\.\\d+.*");
    assertThat(json.getAsJsonObject("config").get("seed").getAsLong()).isEqualTo(9);
    JsonObject run = json.getAsJsonArray("runs").get(3).getAsJsonObject();
    JsonObject model = run.getAsJsonObject("model");
    assertThat(model.getAsJsonArray("W")).hasSize(2);
    assertThat(model.getAsJsonArray("W").get(1).getAsJsonArray().get(3).getAsFloat())
        .isEqualTo(results.runs().get(3).model().weights()[1][3]);
    assertThat(run.getAsJsonArray("snapshots")).hasSize(1);
  }

  @Test
  void modelsReconstructAsTheDefinitionSays() {
    ToyModel model = results.runs().get(0).model();
    float[][] x = {{1, 0, 0.5f, 0}, {0, 0, 0, 0}, {0.1f, 0.9f, 0.3f, 1}};
    var w = model.W();
    var expected = Nd4j.createFromArray(x).mmul(w.transpose()).mmul(w).addRowVector(model.b());
    var y = model.reconstruct(Nd4j.createFromArray(x));
    assertThat(w.shape()).containsExactly(2, 4);
    assertThat(y.shape()).containsExactly(3, 4);
    for (int s = 0; s < 3; s++) {
      for (int i = 0; i < 4; i++) {
        assertThat(y.getFloat(s, i))
            .isCloseTo(Math.max(0, expected.getFloat(s, i)), within(1e-6f))
            .isEqualTo(model.reconstruct(x[s])[i]);
      }
    }
    assertThatThrownBy(() -> model.reconstruct(new float[3]))
        .hasMessageContaining("4 features")
        .hasMessageContaining("3");
    assertThatThrownBy(() -> model.reconstruct(Nd4j.zeros(2, 3))).hasMessageContaining("[2, 3]");
  }

  @Test
  void modelsWithHiddenReluDoToo() {
    float[][] w = {{1, 2}, {-1, 0.5f}, {0, -1}};
    ToyModel hidden = ToyModel.tied(w, new float[] {0.5f, -1}, ToyArchitecture.RELU_HIDDEN);
    assertThat(hidden.hidden(new float[] {1, 0.5f})).containsExactly(2, 0, 0);
    assertThat(hidden.reconstruct(new float[] {1, 0.5f})).containsExactly(2.5f, 3);
    float[][] w1 = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
    float[][] w2 = {{1, 1, 0, 0}, {0, 0, 2, 1}};
    ToyModel absolute = ToyModel.absoluteValue(w1, w2, new float[2]);
    assertThat(absolute.reconstruct(new float[] {-0.5f, 1})).containsExactly(0.5f, 2);
    assertThat(absolute.decoder()).isDeepEqualTo(w2);
    assertThat(hidden.decoder()[1]).containsExactly(2, 0.5f, -1);
    assertThatThrownBy(() -> AnalyticModel.of(absolute, List.of(1f, 1f)))
        .hasMessageContaining("ABSOLUTE_VALUE");
  }

  @Test
  void bothMatricesAndTheDistributionGoToJson() {
    ToyConfig config =
        ToyConfig.builder(3, 2).architecture(ToyArchitecture.ABSOLUTE_VALUE).steps(1).build();
    JsonObject json = ToyTrainer.of(config).train().toJson();
    JsonObject model =
        json.getAsJsonArray("runs").get(0).getAsJsonObject().getAsJsonObject("model");
    assertThat(model.getAsJsonArray("W1")).hasSize(2);
    assertThat(model.getAsJsonArray("W2")).hasSize(3);
    assertThat(json.getAsJsonObject("config").get("distribution").getAsString())
        .contains("SignedFeatures", "IndependentFeatures");
    assertThat(json.getAsJsonObject("config").getAsJsonObject("training").get("steps").getAsInt())
        .isEqualTo(1);
  }

  @Test
  void modelsThatDoNotFitTogetherAreRefused() {
    assertThatThrownBy(
            () -> ToyModel.of(new float[][] {{1, 2, 3}}, new float[2], ToyActivation.LINEAR))
        .hasMessageContaining("row 0")
        .hasMessageContaining("3 numbers")
        .hasMessageContaining("2");
    float[][] two = {{1, 2}};
    assertThatThrownBy(() -> ToyModel.tied(two, new float[2], ToyArchitecture.ABSOLUTE_VALUE))
        .hasMessageContaining("absoluteValue");
    assertThatThrownBy(() -> ToyModel.absoluteValue(two, two, new float[2]))
        .hasMessageContaining("W2 has 1 rows");
    assertThatThrownBy(() -> ToyModel.absoluteValue(two, new float[2][2], new float[2]))
        .hasMessageContaining("rows of 1 numbers");
    assertThatThrownBy(() -> ToyModel.of(new float[0][], new float[2], ToyActivation.LINEAR))
        .hasMessageContaining("at least one");
  }
}
