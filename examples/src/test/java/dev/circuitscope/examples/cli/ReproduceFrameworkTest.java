package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.format.Models;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.ClaimsJson;
import dev.circuitscope.examples.framework.Framework;
import dev.circuitscope.examples.framework.FrameworkRecipe;
import dev.circuitscope.examples.report.Pages;
import dev.circuitscope.examples.reproduction.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import picocli.CommandLine;

@DisplayName("circuitscope reproduce framework, in short,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproduceFrameworkTest {

  private Path directory;
  private Path report;
  private String out;
  private List<Claim> claims;
  private Document page;

  @BeforeAll
  void run(@TempDir Path made) throws IOException {
    directory = made;
    report = made.resolve("framework");
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine line = Circuitscope.commandLine();
    line.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(errors, true));
    int code =
        line.execute(
            "reproduce", "framework", "main", "--quick", "--seed", "3", "--out", made.toString());
    assertThat(code).as(errors.toString()).isZero();
    out = printed.toString();
    claims = claims(report);
    page = Pages.parse(Files.readString(report.resolve("index.html")));
  }

  private static List<Claim> claims(Path report) throws IOException {
    Path file = report.resolve("claims.json");
    return ClaimsJson.parse(Files.readString(file), file.toString());
  }

  @Test
  void makesEveryClaimThoughTheModelsAreTooSmallForAllToHold() {
    assertThat(claims)
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
    assertThat(claims).allMatch(claim -> claim.seed() == 3).anyMatch(claim -> !claim.holds());
    assertThat(out).contains("DOES NOT HOLD").contains("index.html");
  }

  @Test
  void showsEveryClaimOnThePage() {
    String text = page.getDocumentElement().getTextContent();
    claims.forEach(c -> assertThat(text).contains(c.statement(), c.expected().toString()));
  }

  @Test
  void hasASectionForEachNumberOfLayers() {
    String text = page.getDocumentElement().getTextContent();
    assertThat(text).contains("1. Zero layers", "2. One layer", "3. Two layers");
  }

  @Test
  void savesEveryFigureOfThePageTwice() {
    NodeList figures = page.getElementsByTagName("figure");
    assertThat(figures.getLength()).isEqualTo(12);
    for (int i = 0; i < figures.getLength(); i++) {
      String name = figures.item(i).getAttributes().getNamedItem("id").getNodeValue();
      assertThat(report.resolve("figures").resolve(name + ".png")).isNotEmptyFile();
      assertThat(report.resolve("figures").resolve(name + ".svg")).isNotEmptyFile();
    }
  }

  @Test
  void savesModelsThatCanBeLoaded() throws IOException {
    List<String> names = List.of("zero-layers", "one-layer", "two-layers");
    for (int layers = 0; layers < names.size(); layers++) {
      var loaded = Models.load(report.resolve("models").resolve(names.get(layers)));
      assertThat(loaded.transformer().config().nLayers()).isEqualTo(layers);
      assertThat(loaded.requireTokenizer().encode("return x;")).isNotEmpty();
    }
  }

  @Test
  void savesEveryNumber() throws IOException {
    var results = Json.read(report.resolve("results.json")).object("framework");
    assertThat(results.get("models").getAsJsonArray()).hasSize(3);
    for (String part : List.of("bigrams", "copying", "induction", "composition", "terms")) {
      assertThat(results.object(part)).as(part).isNotNull();
    }
  }

  @Test
  void givesTheSameNumbersAgainForTheSameSeed() throws IOException {
    Framework again = new Framework(FrameworkRecipe.quick(), 3);
    assertThat(again.claims(again.run(Progress.silent()))).isEqualTo(claims);
  }

  @Test
  void standsBesideTheReportOfAnotherNameThatWasAskedFor() throws IOException {
    assertThat(claims(directory.resolve("main")))
        .extracting(Claim::id)
        .contains("induction.two-layers", "superposition.pentagon");
  }
}
