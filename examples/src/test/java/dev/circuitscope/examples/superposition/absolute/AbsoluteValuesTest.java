package dev.circuitscope.examples.superposition.absolute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.examples.superposition.Runs;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Computing absolute values")
class AbsoluteValuesTest {

  /** Two features with a pair of neurons each. */
  private static final ToyModel PAIRS =
      ToyModel.absoluteValue(
          new float[][] {{1, 0}, {-1, 0}, {0, 1}, {0, -1}},
          new float[][] {{1, 1, 0, 0}, {0, 0, 1, 1}},
          new float[2]);

  /** Neuron 0 is shared, neuron 2 inhibits; neuron 3 does as neuron 0 does. */
  private static ToyModel motif(float inhibition) {
    return ToyModel.absoluteValue(
        new float[][] {{2, -0.5f}, {-2, 0.5f}, {1, 1e-3f}, {2, -0.5f}},
        new float[][] {{0.5f, 0.5f, 0, 0}, {2, 2, inhibition, 0}},
        new float[2]);
  }

  @Nested
  class OnWeightsMadeByHand {

    @Test
    void allClaimsHoldForPairsThatGiveWayToTheMotif() {
      List<Claim> claims = claims(PAIRS, PAIRS, motif(-4), 0);
      assertThat(find(claims, "motif").measured()).isEqualTo(1);
      assertThat(claims)
          .filteredOn(claim -> !claim.id().endsWith("inhibition"))
          .allMatch(Claim::holds);
      // Nothing inhibits what neuron 1 does to the output while feature 0 is negative.
      assertThat(find(claims, "inhibition").measured()).isCloseTo(0, within(1e-6));
    }

    @Test
    void nothingIsSaidOfInhibitionWhereNothingIsAsymmetric() {
      assertThat(find(claims(PAIRS, PAIRS, PAIRS, 0), "inhibition").measured()).isNaN();
    }

    @Test
    void theMotifIsMissedWithoutInhibition() {
      List<Claim> claims = claims(PAIRS, PAIRS, motif(-0.5f), 0);
      assertThat(find(claims, "motif").holds()).isFalse();
      assertThat(find(claims, "motif-dense").holds()).isTrue();
    }

    @Test
    void noneHoldsTheOtherWayRound() {
      List<Claim> claims = claims(motif(-4), motif(-4), PAIRS, 1);
      assertThat(claims).noneMatch(Claim::holds);
    }

    private List<Claim> claims(ToyModel pairs, ToyModel dense, ToyModel sparse, double loss) {
      AbsoluteRecipe.Shape one = new AbsoluteRecipe.Shape(2, 4, 1, List.of(0.3), 1, 0, 1, 1e-3);
      AbsoluteRecipe.Shape two =
          new AbsoluteRecipe.Shape(2, 4, 1, List.of(1.0, 0.1), 1, 0, 1, 1e-3);
      return AbsoluteClaims.of(
          new AbsoluteResult(
              new AbsoluteRecipe(one, two),
              1,
              Runs.of(one.config(1), loss, pairs),
              Runs.of(two.config(1), loss, dense, sparse)));
    }
  }

  @Test
  void theFunctionOfTheMotifIsThatOfItsModelWithoutAndWithTheInhibitors() {
    AbsoluteRecipe.Shape shape = new AbsoluteRecipe.Shape(2, 4, 1, List.of(0.1), 1, 0, 1, 1e-3);
    ToyModel model = motif(-4);
    AbsoluteResult.Found found =
        AbsoluteResult.motifs(Runs.of(shape.config(1), 0, model).best(0)).get(0);
    MotifFunction function = MotifFunction.of(found);
    for (float x : new float[] {-1, -0.3f, 0, 0.7f, 1}) {
      assertThat(function.output(0, 0, x, List.of()))
          .isCloseTo(model.reconstruct(new float[] {x, 0})[0], within(1e-6));
      assertThat(function.output(1, 1, x, List.of()))
          .isCloseTo(model.reconstruct(new float[] {0, x})[1], within(1e-6));
    }
    assertThat(function.disturbed(true)).isZero();
    assertThat(function.disturbed(false)).isEqualTo(4);
    assertThat(found.leastGain()).isEqualTo(1);
  }

  @Test
  void atTheSizeOfThePaperNeuronsServeOneFeatureWhenDenseAndSeveralWhenSparse() {
    AbsoluteRecipe standard = AbsoluteRecipe.of(Scale.STANDARD);
    AbsoluteRecipe.Shape sweep = standard.sweep();
    AbsoluteRecipe.Shape shorter =
        new AbsoluteRecipe.Shape(
            sweep.features(),
            sweep.neurons(),
            sweep.importanceRatio(),
            List.of(1.0, 0.001),
            1,
            5_000,
            sweep.batch(),
            sweep.learningRate());
    AbsoluteValues study = new AbsoluteValues(new AbsoluteRecipe(standard.pairs(), shorter), 1);
    List<Claim> claims = study.claims(study.run(Progress.silent()));
    for (String id : List.of("loss", "pairs", "one-feature", "dense", "sparse", "motif-dense")) {
      assertThat(find(claims, id).holds()).as(id).isTrue();
    }
  }

  @Test
  void ofTinyModelsIsShownThoughNothingIsLearned(@TempDir Path directory) throws Exception {
    AbsoluteValues study = new AbsoluteValues(AbsoluteRecipe.of(Scale.TINY), 3);
    AbsoluteResult result = study.run(Progress.silent());
    assertThat(study.claims(result)).hasSize(8).anyMatch(claim -> !claim.holds());
    assertThat(study.sections(result).stream().map(Section::figures).flatMap(List::stream))
        .extracting(ReportFigure::name)
        .contains("absolute-pairs", "absolute-reading", "absolute-writing");
    assertThat(study.findings(result)).isNotEmpty();
    assertThat(study.recipe(result)).hasSize(2);
    assertThat(study.json(result).getAsJsonArray("sweep")).hasSize(2);
    assertThat(study.json(result).toString()).doesNotContain("NaN", "Infinity");
    study.saveModels(result, directory);
    assertThat(directory.resolve("absolute-sweep.json")).isNotEmptyFile();
  }

  @Test
  void showsNeuronsInTheOrderOfWhatTheyRead() {
    AbsoluteRecipe.Shape shape = new AbsoluteRecipe.Shape(2, 4, 1, List.of(0.1), 1, 0, 1, 1e-3);
    ToyModel mixed =
        ToyModel.absoluteValue(
            new float[][] {{0, -1}, {-1, 0}, {0, 1}, {1, 0}},
            new float[][] {{0, 2, 0, 4}, {1, 0, 3, 0}},
            new float[2]);
    NeuronOrder order = NeuronOrder.of(Runs.of(shape.config(1), 0, mixed).best(0));
    assertThat(order.neurons()).containsExactly(3, 1, 2, 0);
    assertThat(order.reading()[0]).containsExactly(1, 0);
    assertThat(IntStream.range(0, 4).mapToDouble(k -> order.writing()[k][k / 2]))
        .containsExactly(4.0, 2.0, 3.0, 1.0);
  }

  private static Claim find(List<Claim> claims, String id) {
    return claims.stream()
        .filter(claim -> claim.id().equals("superposition.absolute-" + id))
        .findFirst()
        .orElseThrow();
  }
}
