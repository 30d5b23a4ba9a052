package dev.circuitscope.toymodels.superposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.toymodels.theory.LinearOptimum;
import dev.circuitscope.toymodels.theory.PhaseLosses;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What training and its held-out loss ought to give: two features in one dimension ("Superposition
 * as a Phase Change" in the paper), and the linear model. The paper's loss is a sum over features,
 * that of training a mean.
 */
class ClosedFormTest {

  private static final int SAMPLES = 1 << 20;

  @ParameterizedTest(name = "p = {0}, relative importance {1}")
  @CsvSource({"1, 1", "0.5, 2", "0.1, 0.5", "0.05, 10"})
  void twoFeaturesInOneDimension(double p, double r) {
    float mean = (float) (p / 2);
    assertThat(paperLoss(new float[] {0, 1}, new float[] {mean, 0}, p, r))
        .as("ignore the first feature")
        .isCloseTo(PhaseLosses.ignored(p, 1), Percentage.withPercentage(2));
    assertThat(paperLoss(new float[] {1, 0}, new float[] {0, mean}, p, r))
        .as("ignore the last feature")
        .isCloseTo(PhaseLosses.ignored(p, r), Percentage.withPercentage(2));
    assertThat(paperLoss(new float[] {1, -1}, new float[2], p, r))
        .as("antipodal pair")
        .isCloseTo(PhaseLosses.antipodalPair(p, 1, r), Percentage.withPercentage(3));
  }

  private static double paperLoss(float[] w, float[] b, double p, double r) {
    ToyModel model = ToyModel.of(new float[][] {w}, b, ToyActivation.RELU_OUTPUT);
    return 2 * model.sampledLoss(List.of(1f, (float) r), p, SAMPLES, 6);
  }

  @Test
  void theLinearModelOnDenseFeaturesProjectsOnTheMostImportantOnes() {
    ToyConfig config =
        ToyConfig.builder(6, 3)
            .geometricImportance(0.7)
            .activation(ToyActivation.LINEAR)
            .schedule(ToySchedule.COSINE)
            .weightDecay(0)
            .seed(1)
            .build();
    ToyRun run = ToyTrainer.of(config).train().best(0);

    double[] importance = config.importance().stream().mapToDouble(Float::doubleValue).toArray();
    double expected = LinearOptimum.of(importance, 3).total(1) / 6;
    assertThat(run.finalLoss()).isCloseTo(expected, Percentage.withPercentage(1));
    double[][] gram = run.geometry().gram().toDoubleMatrix();
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        assertThat(gram[i][j]).as("%d, %d", i, j).isCloseTo(i == j && i < 3 ? 1 : 0, within(0.02));
      }
      assertThat((double) run.model().bias()[i]).isCloseTo(i < 3 ? 0 : 0.5, within(0.01));
    }
  }
}
