package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.format.LoadedModel;
import dev.circuitscope.core.format.Models;
import dev.circuitscope.core.model.Transformer;
import dev.circuitscope.core.text.Tokenizer;
import dev.circuitscope.examples.claims.Claim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("circuitscope")
class ReproduceCommandTest {

  @Nested
  class AnswersABadOptionWithOneLineAndTwo {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
        delimiter = '|',
        value = {
          "reproduce --seed x | 'x' is not a long",
          "reproduce --threads 0 | --threads must be at least 1, was 0",
          "reproduce --minutes 5 | --minutes and --tokens need --full",
          "reproduce --full --minutes 5 --tokens 10 | give either --minutes or --tokens, not both",
          "reproduce --full --minutes 0 | --minutes must be above 0, was 0.0",
          "reproduce --full --tokens 0 | --tokens must be at least 1, was 0",
          "reproduce --nonsense | Unknown option: '--nonsense'",
          "reproduce nothing | nothing to reproduce is called 'nothing'; there are: main, framework, induction, superposition",
          "reproduce framework nothing | nothing to reproduce is called 'nothing'",
          "reproduce framework --full | --full is not for framework",
          "reproduce superposition --full --minutes 5 | --minutes is not for superposition",
          "reproduce framework --minutes 5 | --minutes is not for framework",
          "reproduce main framework --full | --full is not for framework",
          "dance | Unmatched argument at index 0: 'dance'",
        })
    void andSaysWhatIsWrong(String arguments, String message) {
      CommandRun ran = CommandRun.with(arguments.split(" "));
      assertThat(ran.code()).isEqualTo(2);
      assertThat(ran.err()).contains(message).contains("--help");
      assertThat(ran.err().strip().lines()).hasSize(1);
      assertThat(ran.out()).isEmpty();
    }

    @Test
    void ifThereIsNoCommand() {
      CommandRun ran = CommandRun.with();
      assertThat(ran.code()).isEqualTo(2);
      assertThat(ran.err()).contains("give a command: ").contains("reproduce");
    }
  }

  @Test
  void saysItsVersion() {
    CommandRun ran = CommandRun.with("--version");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).matches("circuitscope \\d+\\.\\d+\\.\\d+\\R");
  }

  @ParameterizedTest
  @CsvSource({
    "--help, reproduce",
    "reproduce --help, --seed",
    "reproduce --help, --minutes",
    "reproduce --help, main",
    "reproduce --help, A Mathematical Framework for Transformer Circuits",
  })
  void explainsItself(String arguments, String mentions) {
    CommandRun ran = CommandRun.with(arguments.split(" "));
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("Usage: circuitscope").contains(mentions);
  }

  @Test
  void doesNotStartToWorkWhenTheReportCouldNotBeWritten(@TempDir Path directory)
      throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    CommandRun ran =
        CommandRun.with("reproduce", "--quick", "--out", file.resolve("report").toString());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err().strip().lines()).hasSize(1);
    assertThat(ran.err()).startsWith("circuitscope: ").contains("file");
    assertThat(ran.out()).isEmpty();
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class ReproducesInShort {

    private CommandRun ran;
    private WrittenReport report;

    @BeforeAll
    void run(@TempDir Path directory) throws IOException {
      Path out = directory.resolve("report");
      ran =
          CommandRun.with(
              "reproduce",
              "--quick",
              "--seed",
              "3",
              "--full",
              "--tokens",
              "2000",
              "--out",
              out.toString());
      assertThat(ran.err()).isEmpty();
      report = WrittenReport.read(out);
    }

    @Test
    void andEndsWithZeroThoughTheModelsAreTooSmallForTheClaimsToHold() {
      assertThat(ran.code()).isZero();
      assertThat(report.claims()).anyMatch(c -> !c.holds());
      assertThat(ran.out()).contains("DOES NOT HOLD").contains("index.html");
    }

    @Test
    void andMakesEveryClaim() {
      assertThat(report.claims())
          .extracting(Claim::id)
          .containsExactly(
              "induction.two-layers",
              "induction.one-layer",
              "induction.previous-token",
              "induction.phase-change",
              "induction.in-context",
              "induction.copy-two-layers",
              "induction.copy-one-layer",
              "superposition.dense",
              "superposition.pentagon",
              "superposition.grows",
              "superposition.more");
      assertThat(report.claims()).allMatch(c -> c.seed() == 3);
    }

    @Test
    void andShowsEveryClaimOnThePage() {
      report.assertThatEveryClaimIsOnThePage();
    }

    @Test
    void andSavesEveryFigureOfThePageTwice() {
      report.assertThatEveryFigureIsSavedTwice(11);
    }

    @Test
    void andSavesModelsThatCanBeLoaded() throws IOException {
      for (String name : List.of("one-layer", "two-layers", "two-layers-plain-text")) {
        LoadedModel loaded = Models.load(report.model(name));
        Transformer model = loaded.transformer();
        Tokenizer tokenizer = loaded.requireTokenizer();
        assertThat(model.config().dVocab()).isEqualTo(tokenizer.vocabSize());
        int[] tokens = tokenizer.encodeWithBos("return x;");
        assertThat(model.loss(new int[][] {tokens})).isBetween(0.0, 20.0);
      }
    }

    @Test
    void andSavesEveryNumber() throws IOException {
      var results = report.results();
      assertThat(results.longInteger("seed")).isEqualTo(3);
      var two = results.object("induction").object("two_layers");
      assertThat(two.get("history").getAsJsonArray()).isNotEmpty();
      assertThat(two.object("timeline").get("snapshots").getAsJsonArray()).hasSize(5);
      assertThat(results.object("superposition").get("runs").getAsJsonArray()).hasSize(10);
    }

    @Test
    void andLeavesNothingElseBehind() throws IOException {
      try (Stream<Path> files = Files.list(report.directory())) {
        assertThat(files.map(f -> f.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "index.html", "claims.json", "results.json", "figures", "models");
      }
    }

    @Test
    void andGivesTheSameNumbersAgainForTheSameSeedAndOthersForAnother(@TempDir Path directory)
        throws IOException {
      assertThat(claims(directory.resolve("same"), "3")).isEqualTo(report.claims());
      assertThat(claims(directory.resolve("other"), "4"))
          .extracting(Claim::measured)
          .isNotEqualTo(report.claims().stream().map(Claim::measured).toList());
    }

    private List<Claim> claims(Path out, String seed) throws IOException {
      CommandRun.with(
          "reproduce", "--quick", "--threads", "1", "--seed", seed, "--out", out.toString());
      return WrittenReport.claims(out);
    }
  }
}
