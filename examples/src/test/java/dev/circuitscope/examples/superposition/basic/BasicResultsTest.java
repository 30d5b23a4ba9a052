package dev.circuitscope.examples.superposition.basic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.report.ReportFigure;
import dev.circuitscope.examples.report.Section;
import dev.circuitscope.examples.reproduction.Progress;
import dev.circuitscope.examples.reproduction.Scale;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Basic results of toy models")
class BasicResultsTest {

  private static final String LEFT_OUT = "superposition.basic-equal-dense-features";

  @Nested
  @DisplayName("of the usual length, but for the large models,")
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Trained {

    private BasicResult result;
    private List<Claim> claims;

    @BeforeAll
    void train() {
      BasicRecipe standard = BasicRecipe.of(Scale.STANDARD);
      BasicRecipe.Ladder large = standard.ladders().get(0);
      BasicRecipe.Ladder shorter =
          new BasicRecipe.Ladder(
              large.features(),
              large.hidden(),
              large.importanceRatio(),
              List.of(1.0, 0.1, 0.01),
              1,
              large.steps(),
              large.batch());
      BasicResults study =
          new BasicResults(
              new BasicRecipe(List.of(shorter), standard.equal(), standard.falling()), 2);
      result = study.run(Progress.silent());
      claims = study.claims(result);
    }

    @Test
    void areThePapers() {
      assertThat(claims)
          .filteredOn(claim -> !claim.id().startsWith("superposition.basic-equal-dense-"))
          .hasSize(6)
          .allMatch(Claim::holds);
    }

    @Test
    void leaveNoTwoOfEquallyImportantDenseFeaturesBecauseAnotherPlaneIsCheaper() {
      assertThat(result.dedicatedLoss()).isCloseTo(0.05, within(1e-12));
      assertThat(result.equalDenseLoss()).isLessThan(result.dedicatedLoss());
      assertThat(claims).filteredOn(c -> c.id().equals(LEFT_OUT)).noneMatch(Claim::holds);
    }
  }

  @Test
  void ofTinyModelsAreShownThoughNothingHolds(@TempDir Path directory) throws Exception {
    BasicResults study = new BasicResults(BasicRecipe.of(Scale.TINY), 3);
    BasicResult result = study.run(Progress.silent());
    assertThat(study.claims(result)).hasSize(9).anyMatch(claim -> !claim.holds());
    assertThat(study.sections(result).stream().map(Section::figures).flatMap(List::stream))
        .extracting(ReportFigure::name)
        .containsExactly("basic-6-2", "basic-dimensions", "basic-equal");
    assertThat(study.findings(result)).isNotEmpty();
    assertThat(study.recipe(result)).hasSize(3);
    assertThat(study.json(result).getAsJsonArray("ladders")).hasSize(1);
    study.saveModels(result, directory);
    assertThat(directory.resolve("basic-6-2-linear.json")).isNotEmptyFile();
  }
}
