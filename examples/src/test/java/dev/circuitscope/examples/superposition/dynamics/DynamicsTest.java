package dev.circuitscope.examples.superposition.dynamics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.reproduction.Outcome;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.dynamics.LearningDynamics;
import dev.circuitscope.toymodels.geometry.Geometry;
import dev.circuitscope.toymodels.superposition.LossHistory;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The study of learning dynamics")
class DynamicsTest {

  private static final float[][] OCTAHEDRON = {
    {1, 0, 0, -1, 0, 0}, {0, 1, 0, 0, 0, -1}, {0, 0, 1, 0, -1, 0}
  };
  private static final float[][] WITHIN_A_SET = {
    {1, -1, 0, 0, 0, 0}, {0, 0, 1, -1, 0, 0}, {0, 0, 0, 0, 1, -1}
  };
  private static final double[] TWO_FALLS = {10, 6, 5.1, 5.0, 4.9, 3, 1, 0.95, 0.9, 0.9, 0.9};
  private static final double[] ONE_FALL =
      IntStream.range(0, 11).mapToDouble(t -> Math.pow(0.5, t)).toArray();

  /** Dimensionalities that move at one snapshot. */
  private static LearningDynamics dynamics(double[] losses, int jump) {
    int[] steps = IntStream.range(0, losses.length).toArray();
    double[][] d = new double[losses.length][6];
    for (int t = jump; t < d.length; t++) {
      Arrays.fill(d[t], 0.5);
    }
    return new LearningDynamics(steps, losses, d);
  }

  private static WatchedTraining training(float[][] w, LearningDynamics dynamics) {
    ToyModel model = ToyModel.of(w, new float[6], ToyActivation.RELU_OUTPUT);
    LossHistory nothing = new LossHistory(List.of(), List.of());
    ToyRun run = new ToyRun(0, 1, 0, model, 0, nothing, List.of());
    return new WatchedTraining(
        new ToyResults(ToyConfig.builder(6, 3).build(), "test", List.of(run)), dynamics, 0);
  }

  private static List<Claim> claims(float[][] w, double[] losses, int jump) {
    WatchedTraining training = training(w, dynamics(losses, jump));
    return DynamicsClaims.of(
        new DynamicsResult(DynamicsRecipe.of(Scale.TINY), 5, training, training));
  }

  @Test
  @DisplayName("holds its claims where features jump in a drop and end as an octahedron")
  void claimsHold() {
    assertThat(claims(OCTAHEDRON, TWO_FALLS, 5)).hasSize(3).allMatch(Claim::holds);
  }

  @Test
  @DisplayName("does not hold them where features jump elsewhere, or without a second fall")
  void claimsFail() {
    assertThat(claims(WITHIN_A_SET, TWO_FALLS, 7)).noneMatch(Claim::holds);
    assertThat(claims(WITHIN_A_SET, ONE_FALL, 5)).noneMatch(Claim::holds);
  }

  @Test
  @DisplayName("knows an octahedron from other figures, whichever its opposite corners are")
  void octahedron() {
    assertThat(Octahedron.deviation(Geometry.of(OCTAHEDRON), 3)).isCloseTo(0, within(1e-12));
    assertThat(Octahedron.deviation(Geometry.of(WITHIN_A_SET), 3)).isCloseTo(1, within(1e-12));
  }

  @Test
  @DisplayName("runs in seconds at its tiny size, and shows and saves everything")
  void tiny(@TempDir Path directory) throws IOException {
    Dynamics study = new Dynamics(DynamicsRecipe.of(Scale.TINY), 3);
    Outcome outcome = Outcome.of(study, Progress.silent());
    assertThat(outcome.claims()).hasSize(3).allMatch(claim -> claim.seed() == 3);
    List<ReportFigure> figures = new ArrayList<>();
    outcome.sections().forEach(section -> figures.addAll(section.figures()));
    assertThat(figures)
        .extracting(ReportFigure::name)
        .containsExactly("dynamics-levels", "dynamics-octahedron", "dynamics-stages");
    figures.forEach(figure -> assertThat(figure.figure().toSvg()).contains("<svg"));
    assertThat(outcome.json().getAsJsonObject("levels").getAsJsonArray("losses")).hasSize(13);
    outcome.models().write(directory);
    assertThat(directory.resolve("dynamics-octahedron.json")).isNotEmptyFile();
    assertThat(directory.resolve("dynamics-levels.json")).isNotEmptyFile();
  }
}
