package dev.circuitscope.examples.superposition.privileged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import dev.circuitscope.examples.superposition.Runs;
import dev.circuitscope.toymodels.superposition.ToyArchitecture;
import dev.circuitscope.toymodels.superposition.ToyModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The privileged basis")
class PrivilegedBasisTest {

  private static final PrivilegedRecipe RECIPE =
      new PrivilegedRecipe(4, 2, 0.75, List.of(1.0, 0.1, 0.01), 1, 0, 1);

  private static final ToyModel ALONE = model(new float[][] {{0, 1, 0, 0}, {1, 0, 0, 0}});
  private static final ToyModel BETWEEN = model(new float[][] {{0, 1, 1, 0}, {1, 0, 0, 0}});
  private static final ToyModel SHARED = model(new float[][] {{0, 1, 1, 0}, {1, 0, 1, 1}});

  private static ToyModel model(float[][] w) {
    return ToyModel.tied(w, new float[4], ToyArchitecture.RELU_HIDDEN);
  }

  @Test
  void hasNeuronsOfOneFeatureEachThatComeToHoldSeveral() {
    assertThat(claims(ALONE, BETWEEN, SHARED)).allMatch(Claim::holds);
  }

  @Test
  void doesNotTheOtherWayRound() {
    assertThat(claims(SHARED, BETWEEN, ALONE))
        .filteredOn(claim -> !claim.id().endsWith("important"))
        .noneMatch(Claim::holds);
  }

  @Test
  void isNotOfTheMostImportantFeaturesIfAnotherIsHeld() {
    assertThat(claims(model(new float[][] {{0, 0, 1, 0}, {1, 0, 0, 0}}), BETWEEN, SHARED))
        .filteredOn(claim -> claim.id().endsWith("important"))
        .noneMatch(Claim::holds);
  }

  @Test
  void countsOnlyFeaturesThatMakeANeuronFire() {
    ToyModel silenced = model(new float[][] {{1, -3, 0, 0}, {-1, 0, 0, 0}});
    PrivilegedResult result =
        new PrivilegedResult(RECIPE, 1, Runs.of(RECIPE.config(1), 0, silenced, BETWEEN, SHARED));
    assertThat(PrivilegedResult.features(result.densest()))
        .containsExactly(new double[] {1, 0}, within(1e-12));
    assertThat(PrivilegedResult.kinds(result.densest())).containsExactly(0, 1);
    assertThat(PrivilegedResult.features(result.sparsest()))
        .containsExactly(new double[] {2, 3}, within(1e-12));
    assertThat(PrivilegedResult.featuresPerNeuron(result.sparsest())).isEqualTo(2.5);
  }

  @Test
  void appearsInModelsOfThePapersSize() {
    PrivilegedBasis study = new PrivilegedBasis(PrivilegedRecipe.of(Scale.STANDARD), 2);
    assertThat(study.claims(study.run(Progress.silent()))).hasSize(4).allMatch(Claim::holds);
  }

  @Test
  void ofTinyModelsIsShownThoughNothingIsLearned(@TempDir Path directory) throws Exception {
    PrivilegedBasis study = new PrivilegedBasis(PrivilegedRecipe.of(Scale.TINY), 3);
    PrivilegedResult result = study.run(Progress.silent());
    assertThat(study.claims(result)).hasSize(4);
    assertThat(study.sections(result).get(0).figures())
        .extracting(ReportFigure::name)
        .containsExactly("privileged-neurons", "privileged-features");
    assertThat(study.findings(result)).isNotEmpty();
    assertThat(study.recipe(result)).hasSize(1);
    assertThat(study.json(result).getAsJsonArray("models")).hasSize(4);
    study.saveModels(result, directory);
    assertThat(directory.resolve("privileged.json")).isNotEmptyFile();
  }

  private static List<Claim> claims(ToyModel... models) {
    return PrivilegedClaims.of(
        new PrivilegedResult(RECIPE, 1, Runs.of(RECIPE.config(1), 0, models)));
  }
}
