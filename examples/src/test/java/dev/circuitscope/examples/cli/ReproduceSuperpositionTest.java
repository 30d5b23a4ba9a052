package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.examples.claims.Claim;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("circuitscope reproduce superposition, in short,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproduceSuperpositionTest {

  private static final List<String> STUDIES =
      List.of(
          "basic",
          "phases",
          "uniform",
          "structure",
          "dynamics",
          "vulnerability",
          "privileged",
          "absolute");

  private CommandRun ran;
  private WrittenReport report;

  @BeforeAll
  void run(@TempDir Path made) throws IOException {
    ran =
        CommandRun.with(
            "reproduce", "superposition", "--quick", "--seed", "3", "--out", made.toString());
    assertThat(ran.code()).as(ran.err()).isZero();
    report = WrittenReport.read(made);
  }

  @Test
  void makesClaimsOfEveryStudyThoughTheModelsAreTooSmallForAllToHold() {
    assertThat(report.claims()).extracting(Claim::id).doesNotHaveDuplicates();
    for (String study : STUDIES) {
      assertThat(report.claims()).anyMatch(c -> c.id().startsWith("superposition." + study + "-"));
    }
    assertThat(report.claims()).allMatch(c -> c.seed() == 3).anyMatch(c -> !c.holds());
    assertThat(ran.out()).contains("DOES NOT HOLD").contains("index.html");
  }

  @Test
  void showsEveryClaimOnThePage() {
    report.assertThatEveryClaimIsOnThePage();
  }

  @Test
  void savesEveryFigureOfThePageTwice() {
    report.assertThatEveryFigureIsSavedTwice(30);
  }

  @Test
  void savesEveryNumber() throws IOException {
    assertThat(report.results().object("superposition").get("runs").getAsJsonArray()).hasSize(10);
    for (String study : STUDIES) {
      assertThat(report.results().object(study).get("seconds").getAsDouble()).isPositive();
    }
  }

  @Test
  void givesTheSameNumbersAgainForTheSameSeed(@TempDir Path again) throws IOException {
    CommandRun.with(
        "reproduce",
        "superposition",
        "--quick",
        "--threads",
        "1",
        "--seed",
        "3",
        "--out",
        again.toString());
    assertThat(WrittenReport.claims(again)).isEqualTo(report.claims());
  }
}
