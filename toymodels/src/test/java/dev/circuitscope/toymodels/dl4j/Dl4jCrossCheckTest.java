package dev.circuitscope.toymodels.dl4j;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.geometry.InterferenceGraph;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyBatches;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyRun;
import dev.circuitscope.toymodels.superposition.ToySchedule;
import dev.circuitscope.toymodels.superposition.ToyTrainer;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.assertj.core.data.Percentage;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The ReLU-output model trained by DL4J: its layer, gradients, loss and updater, our samples. */
class Dl4jCrossCheckTest {

  private static final int THREADS = Nd4j.getEnvironment().maxMasterThreads();

  /** At these sizes the threads of ND4J's operations wait for each other most of the time. */
  @BeforeAll
  static void oneThreadPerOperation() {
    Nd4j.getEnvironment().setMaxMasterThreads(1);
  }

  @AfterAll
  static void restoreThreads() {
    Nd4j.getEnvironment().setMaxMasterThreads(THREADS);
  }

  private static ToyModel trained(MultiLayerNetwork network, ToyConfig config) {
    network.fit(ToyNetworks.batches(config, 0));
    return ToyNetworks.model(network);
  }

  private static void assertClose(ToyModel actual, ToyModel expected, float tolerance) {
    assertThat(actual.bias()).containsExactly(expected.bias(), within(tolerance));
    for (int k = 0; k < expected.hidden(); k++) {
      assertThat(actual.weights()[k])
          .as("row %d of W", k)
          .containsExactly(expected.weights()[k], within(tolerance));
    }
  }

  @Nested
  class FromTheSameWeightsOnTheSameSamples {

    @ParameterizedTest(name = "n = {0}, m = {1}, I = 1000 {2}^i, p = {3}, batch {4}, {5}")
    @CsvSource({
      "5, 2, 1.0, 0.05, 200, CONSTANT",
      "5, 2, 1.0, 1.0, 200, CONSTANT",
      "5, 2, 0.9, 0.3, 160, LINEAR",
      "20, 5, 0.7, 0.1, 50, COSINE",
      "3, 4, 0.8, 0.5, 300, CONSTANT",
      "2, 1, 1.0, 0.5, 1000, CONSTANT"
    })
    void theLossOneStepAndAHundredStepsAreTheSame(
        int n, int m, double ratio, double p, int batch, ToySchedule schedule) {
      float[] importance = new float[n];
      for (int i = 0; i < n; i++) {
        // Large gradients, because DL4J places Adam's epsilon elsewhere.
        importance[i] = (float) (1000 * Math.pow(ratio, i));
      }
      ToyConfig.Builder settings =
          ToyConfig.builder(n, m)
              .importance(importance)
              .featureProbability(p)
              .batch(batch)
              .schedule(schedule)
              // 50 times the usual, so that it shows in a single step.
              .weightDecay(0.5)
              .seed(3);
      ToyConfig one = settings.steps(1).build();
      ToyConfig hundred = settings.steps(100).learningRate(1e-2).build();
      ToyRun oneStep = ToyTrainer.of(one).snapshotAt(0).train().runs().get(0);
      ToyModel start = oneStep.snapshots().get(0).model();

      INDArray x = ToyBatches.of(one, 0).at(0);
      INDArray losses = ToyNetworks.of(one, start).scoreExamples(new DataSet(x, x), false);
      assertThat(losses.meanNumber().doubleValue())
          .isCloseTo(oneStep.history().last(), Percentage.withPercentage(1e-3));

      assertClose(trained(ToyNetworks.of(one, start), one), oneStep.model(), 1e-5f);

      ToyModel hundredSteps = ToyTrainer.of(hundred).train().runs().get(0).model();
      assertClose(trained(ToyNetworks.of(hundred, start), hundred), hundredSteps, 1e-4f);
    }
  }

  @Nested
  class TrainedThereItHasTheSameGeometry {

    private static void assertPentagon(ToyModel model) {
      Geometry geometry = model.geometry();
      assertThat(geometry.featuresKept()).isEqualTo(5);
      double[] pentagon = {0.40, 0.40, 0.40, 0.40, 0.40};
      assertThat(geometry.dimensionality()).containsExactly(pentagon, within(0.02));
      assertThat(InterferenceGraph.of(geometry).counts()).isEqualTo(Map.of("pentagon", 1));
    }

    @Test
    void sparseFeaturesFormOurPentagonFromOurWeights() {
      ToyConfig config =
          ToyConfig.builder(5, 2)
              .featureProbability(0.05)
              .batch(200)
              .steps(500)
              .learningRate(2e-2)
              .schedule(ToySchedule.LINEAR)
              .build();
      ToyRun run = ToyTrainer.of(config).snapshotAt(0).train().best(0);
      ToyModel start = run.snapshots().get(0).model();

      MultiLayerNetwork network = ToyNetworks.of(config, start);
      network.fit(ToyNetworks.batches(config, 0));
      ToyModel there = ToyNetworks.model(network);

      assertPentagon(there);
      assertPentagon(run.model());
      assertClose(there, run.model(), 1e-3f);
    }

    @Test
    void sparseFeaturesFormAPentagonFromDl4jsWeightsToo() {
      ToyConfig.Builder settings =
          ToyConfig.builder(5, 2)
              .featureProbability(0.05)
              .batch(200)
              .steps(500)
              .learningRate(2e-2)
              .schedule(ToySchedule.LINEAR);
      List<Float> importance = settings.build().importance();
      ToyModel best =
          LongStream.of(0, 1)
              .mapToObj(seed -> settings.seed(seed).build())
              .map(config -> trained(ToyNetworks.of(config), config))
              .min(comparingDouble(model -> model.sampledLoss(importance, 0.05, 1 << 16, 7)))
              .orElseThrow();
      assertPentagon(best);
    }

    private static ToyConfig dense(double ratio) {
      return ToyConfig.builder(5, 2)
          .geometricImportance(ratio)
          .featureProbability(1)
          .batch(200)
          .steps(800)
          .learningRate(0.1)
          .schedule(ToySchedule.COSINE)
          .build();
    }

    private static Geometry assertOurs(ToyConfig config) {
      ToyRun run = ToyTrainer.of(config).snapshotAt(0).train().best(0);
      ToyModel start = run.snapshots().get(0).model();
      ToyModel there = trained(ToyNetworks.of(config, start), config);
      assertClose(there, run.model(), 1e-3f);
      return there.geometry();
    }

    @Test
    void ofDenseFeaturesTheTwoMostImportantAreKept() {
      Geometry geometry = assertOurs(dense(0.9));
      assertThat(geometry.featuresKept()).isEqualTo(2);
      assertThat(geometry.norms()).containsExactly(new double[] {1, 1, 0, 0, 0}, within(0.05));
    }

    @Test
    void ofDenseFeaturesOfEqualImportanceTwoInAllAreKept() {
      assertThat(assertOurs(dense(1)).squaredNorm()).isCloseTo(2.00, within(0.05));
    }
  }

  @Nested
  class Weights {

    private final ToyModel model =
        ToyModel.of(
            new float[][] {{1, -2, 3}, {0.25f, 1e-7f, -1 / 3f}},
            new float[] {-0.5f, 0, 7},
            ToyActivation.RELU_OUTPUT);

    private final MultiLayerNetwork network =
        ToyNetworks.of(ToyConfig.builder(3, 2).build(), model);

    @Test
    void goThereAndBackBitForBit() {
      ToyModel back = ToyNetworks.model(network);
      assertThat(back.weights()).isDeepEqualTo(model.weights());
      assertThat(back.bias()).isEqualTo(model.bias());
      assertThat(back.activation()).isEqualTo(model.activation());
    }

    @Test
    void reconstructTheSameThereAndHere() {
      float[] x = {0.5f, 0.25f, 0};
      INDArray there = network.output(Nd4j.createFromArray(new float[][] {x}));
      assertThat(there.toFloatVector()).containsExactly(model.reconstruct(x), within(1e-6f));
    }
  }
}
