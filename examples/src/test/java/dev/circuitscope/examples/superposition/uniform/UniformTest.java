package dev.circuitscope.examples.superposition.uniform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.toymodels.geometry.RegularFigure;
import dev.circuitscope.toymodels.superposition.LossHistory;
import dev.circuitscope.toymodels.superposition.ToyActivation;
import dev.circuitscope.toymodels.superposition.ToyConfig;
import dev.circuitscope.toymodels.superposition.ToyModel;
import dev.circuitscope.toymodels.superposition.ToyResults;
import dev.circuitscope.toymodels.superposition.ToyRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The study of uniform importance")
class UniformTest {

  private static final List<Double> SPARSITIES = List.of(1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0);

  private static final RegularFigure DIGON = RegularFigure.DIGON;

  /** Six features or more in six dimensions: every figure fills them. */
  private static final double[][] DEDICATED = figures(RegularFigure.DEDICATED, 6);

  private static final double[][] DIGONS = figures(DIGON, 6);

  private static final double[][] PENTAGONS =
      RegularFigure.product(RegularFigure.PENTAGON, RegularFigure.PENTAGON, DIGON, DIGON);

  private static final double[][] ANTIPRISMS =
      RegularFigure.product(RegularFigure.SQUARE_ANTIPRISM, RegularFigure.SQUARE_ANTIPRISM);

  private static double[][] figures(RegularFigure figure, int count) {
    RegularFigure[] copies = new RegularFigure[count];
    Arrays.fill(copies, figure);
    return RegularFigure.product(copies);
  }

  /** Columns of a matrix, as many times over as it takes to have D* = 1/4. */
  private static double[][] crowded(double[][] w) {
    double[][] twice = new double[w.length][];
    for (int k = 0; k < w.length; k++) {
      twice[k] = new double[2 * w[k].length];
      for (int i = 0; i < twice[k].length; i++) {
        twice[k][i] = w[k][i % w[k].length];
      }
    }
    return twice;
  }

  private static double[][] longer(double[][] w) {
    double[][] scaled = new double[w.length][];
    for (int k = 0; k < w.length; k++) {
      scaled[k] = Arrays.stream(w[k]).map(x -> 1.3 * x).toArray();
    }
    return scaled;
  }

  private static UniformResult result(double[][]... weights) {
    UniformRecipe recipe =
        new UniformRecipe(24, 6, SPARSITIES.subList(0, weights.length), List.of(1.5), 0, 1, 1);
    List<Double> probabilities = recipe.sparsities().stream().map(x -> 1 / x).toList();
    ToyConfig config =
        ToyConfig.builder(24, 6).featureProbabilities(probabilities).steps(0).seed(7).build();
    List<ToyRun> runs = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      float[][] w = new float[6][24];
      for (int k = 0; k < 6; k++) {
        for (int f = 0; f < weights[i][k].length; f++) {
          w[k][f] = (float) weights[i][k][f];
        }
      }
      ToyModel model = ToyModel.of(w, new float[24], ToyActivation.RELU_OUTPUT);
      LossHistory nothing = new LossHistory(List.of(), List.of());
      runs.add(new ToyRun(i, probabilities.get(i), 0, model, 0, nothing, List.of()));
    }
    return UniformResult.of(recipe, new ToyResults(config, "test", runs), 0);
  }

  private static Claim claim(UniformResult result, String id) {
    return UniformClaims.of(result).stream()
        .filter(c -> c.id().equals("superposition.uniform-" + id))
        .findFirst()
        .orElseThrow();
  }

  @Nested
  class Claims {

    private final UniformResult found =
        result(
            DEDICATED,
            DEDICATED,
            DIGONS,
            DIGONS,
            PENTAGONS,
            ANTIPRISMS,
            crowded(DIGONS),
            longer(crowded(DIGONS)));

    @Test
    void allHoldForFiguresInTheOrderOfThePaper() {
      assertThat(UniformClaims.of(found)).allMatch(Claim::holds);
      assertThat(claim(found, "dense").measured()).isCloseTo(1, within(1e-6));
      assertThat(claim(found, "half").measured()).isCloseTo(0.5, within(1e-6));
      assertThat(claim(found, "total").measured()).isCloseTo(0, within(1e-6));
      assertThat(claim(found, "figures").note()).contains("digon, pentagon, square antiprism");
      assertThat(claim(found, "digons").seed()).isEqualTo(7);
    }

    @Test
    void failWhereFeaturesNeverShareADimension() {
      UniformResult dedicated = result(DEDICATED, DEDICATED, DEDICATED, DEDICATED);
      assertThat(claim(dedicated, "dense").holds()).isTrue();
      assertThat(claim(dedicated, "half").holds()).isFalse();
      assertThat(claim(dedicated, "plateau").holds()).isFalse();
      assertThat(claim(dedicated, "digons").holds()).isFalse();
      assertThat(claim(dedicated, "figures").holds()).isFalse();
    }

    @Test
    void failWhereNothingIsLearned() {
      UniformResult nothing = result(new double[6][24], new double[6][24]);
      assertThat(UniformClaims.of(nothing)).noneMatch(Claim::holds);
    }
  }

  @Test
  void widthIsHowFarSparsityRisesAcrossALevel() {
    // D* = 1, then 1/2 from 2 to 3, then 6/16: on logarithmic axes straight between them.
    UniformResult result = result(DEDICATED, DEDICATED, DIGONS, DIGONS, ANTIPRISMS);
    double enters = Math.log(1.5) + Math.log(1 / 0.55) / Math.log(2) * Math.log(2 / 1.5);
    double leaves = Math.log(3) + Math.log(0.5 / 0.45) / Math.log(8 / 6.0) * Math.log(4 / 3.0);
    assertThat(result.width(0.5)).isCloseTo(leaves - enters, within(1e-6));
    assertThat(result.width(0.2)).isNaN();
  }

  @Test
  void aTinyRunMakesAReport() {
    Uniform study = new Uniform(UniformRecipe.of(Scale.TINY), 3);
    UniformResult result = study.run(Progress.silent());
    assertThat(result.rows()).hasSize(4);
    assertThat(result.rows()).allMatch(row -> Double.isFinite(row.totalDimensionality()));
    List<Section> sections = study.sections(result);
    assertThat(sections).hasSize(1);
    assertThat(sections.get(0).figures()).hasSize(3);
    sections.get(0).figures().forEach(figure -> assertThat(figure.figure().toSvg()).isNotEmpty());
    assertThat(study.claims(result)).hasSize(7);
    assertThat(study.findings(result)).hasSize(1);
    assertThat(study.recipe(result)).hasSize(2);
    assertThat(study.json(result).get("sparsities").getAsJsonArray()).hasSize(4);
  }

  @Test
  void recipesAreInOrderAndShowWhatTheyTrain() {
    for (Scale scale : Scale.values()) {
      assertThat(UniformRecipe.of(scale).shown()).isNotEmpty();
    }
    assertThatThrownBy(() -> new UniformRecipe(2, 1, List.of(1.0, 3.0, 2.0), List.of(), 1, 1, 1))
        .hasMessageContaining("rise");
    assertThatThrownBy(() -> new UniformRecipe(2, 1, List.of(1.0), List.of(2.0), 1, 1, 1))
        .hasMessageContaining("must be trained");
  }
}
