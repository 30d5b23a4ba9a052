package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.format.Models;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.incontext.InContext;
import dev.circuitscope.examples.incontext.InContextRecipe;
import dev.circuitscope.examples.incontext.InContextResult;
import dev.circuitscope.examples.incontext.ModelKind;
import dev.circuitscope.examples.reproduction.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("circuitscope reproduce induction, in short,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproduceInductionTest {

  private static final InContext AGAIN =
      new InContext(InContextRecipe.quick(), 3, Optional.empty());

  private CommandRun ran;
  private WrittenReport report;
  private InContextResult again;

  @BeforeAll
  void run(@TempDir Path made) throws IOException {
    Path directory = made.resolve("induction");
    ran =
        CommandRun.with(
            "reproduce",
            "induction",
            "--quick",
            "--full",
            "--tokens",
            "2000",
            "--seed",
            "3",
            "--out",
            directory.toString());
    assertThat(ran.code()).as(ran.err()).isZero();
    report = WrittenReport.read(directory);
    again = AGAIN.run(Progress.silent());
  }

  @Test
  void makesEveryClaimThoughTheModelsAreTooSmallForAllToHold() {
    assertThat(report.claims())
        .extracting(Claim::id)
        .containsExactly(
            "incontext.one-layer",
            "incontext.two-layers",
            "incontext.three-layers",
            "incontext.one-layer-smeared",
            "incontext.smeared-sooner",
            "incontext.together",
            "incontext.one-layer-score",
            "incontext.bump",
            "incontext.pivot",
            "incontext.further",
            "incontext.derivative",
            "incontext.ablate-induction-heads",
            "incontext.ablate-others",
            "incontext.before-and-after",
            "incontext.before-and-after-lowest");
    assertThat(report.claims())
        .allMatch(claim -> claim.seed() == 3)
        .anyMatch(claim -> !claim.holds());
    assertThat(ran.out()).contains("DOES NOT HOLD").contains("index.html");
  }

  @Test
  void showsEveryClaimOnThePage() {
    report.assertThatEveryClaimIsOnThePage();
  }

  @Test
  void saysWhatPlainTextAloneBrings() {
    assertThat(report.text())
        .contains("Trained on plain text alone")
        .contains("the 3-layer model forms no induction head");
  }

  @Test
  void savesEveryFigureOfThePageTwice() {
    // no model changes, so that there are no ablations to show
    report.assertThatEveryFigureIsSavedTwice(7);
  }

  @Test
  void savesModelsThatCanBeLoaded() throws IOException {
    for (ModelKind kind : ModelKind.values()) {
      for (String data : List.of("", "-plain-text")) {
        var loaded = Models.load(report.model(kind.directory() + data));
        assertThat(loaded.transformer().config().nLayers()).isEqualTo(kind.layers());
        assertThat(loaded.transformer().config().attention().smearedKeys())
            .isEqualTo(kind.smeared());
        assertThat(loaded.requireTokenizer().encode("return x;")).isNotEmpty();
      }
    }
  }

  @Test
  void savesEveryNumber() throws IOException {
    var results = report.results().object("incontext");
    assertThat(results.get("models").getAsJsonArray()).hasSize(5);
    assertThat(results.get("plain_text").getAsJsonArray()).hasSize(5);
    assertThat(results.object("per_token_components").get("trajectories").getAsJsonArray())
        .hasSize(5);
  }

  @Test
  void givesTheSameNumbersAgainForTheSameSeed() {
    assertThat(AGAIN.claims(again)).isEqualTo(report.claims());
    assertThat(again.plainText()).isEmpty();
  }

  @Test
  void trainsAllModelsOnTheSameBatches() {
    assertThat(
            again.courses().stream().map(course -> course.provenance().data().sha256()).distinct())
        .hasSize(1);
  }
}
