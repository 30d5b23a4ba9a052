package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.format.Models;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.framework.Framework;
import dev.circuitscope.examples.framework.FrameworkRecipe;
import dev.circuitscope.examples.reproduction.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("circuitscope reproduce framework, in short,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproduceFrameworkTest {

  private Path directory;
  private CommandRun ran;
  private WrittenReport report;

  @BeforeAll
  void run(@TempDir Path made) throws IOException {
    directory = made;
    ran =
        CommandRun.with(
            "reproduce", "framework", "main", "--quick", "--seed", "3", "--out", made.toString());
    assertThat(ran.code()).as(ran.err()).isZero();
    report = WrittenReport.read(made.resolve("framework"));
  }

  @Test
  void makesEveryClaimThoughTheModelsAreTooSmallForAllToHold() {
    assertThat(report.claims())
        .extracting(Claim::id)
        .containsExactly(
            "framework.bigrams",
            "framework.copying",
            "framework.skip-trigram-bug",
            "framework.induction-head",
            "framework.previous-token-head",
            "framework.k-composition",
            "framework.score-term",
            "framework.score-share",
            "framework.induction-ov",
            "framework.induction-qk",
            "framework.orders",
            "framework.virtual-heads",
            "framework.second-layer");
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
  void hasASectionForEachNumberOfLayers() {
    assertThat(report.text()).contains("1. Zero layers", "2. One layer", "3. Two layers");
  }

  @Test
  void savesEveryFigureOfThePageTwice() {
    report.assertThatEveryFigureIsSavedTwice(12);
  }

  @Test
  void savesModelsThatCanBeLoaded() throws IOException {
    List<String> names = List.of("zero-layers", "one-layer", "two-layers");
    for (int layers = 0; layers < names.size(); layers++) {
      var loaded = Models.load(report.model(names.get(layers)));
      assertThat(loaded.transformer().config().nLayers()).isEqualTo(layers);
      assertThat(loaded.requireTokenizer().encode("return x;")).isNotEmpty();
    }
  }

  @Test
  void savesEveryNumber() throws IOException {
    var results = report.results().object("framework");
    assertThat(results.get("models").getAsJsonArray()).hasSize(3);
    for (String part : List.of("bigrams", "copying", "induction", "composition", "terms")) {
      assertThat(results.object(part)).as(part).isNotNull();
    }
  }

  @Test
  void givesTheSameNumbersAgainForTheSameSeed() throws IOException {
    Framework again = new Framework(FrameworkRecipe.quick(), 3);
    assertThat(again.claims(again.run(Progress.silent()))).isEqualTo(report.claims());
  }

  @Test
  void standsBesideTheReportOfAnotherNameThatWasAskedFor() throws IOException {
    assertThat(WrittenReport.claims(directory.resolve("main")))
        .extracting(Claim::id)
        .contains("induction.two-layers", "superposition.pentagon");
  }
}
