package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.format.Models;
import dev.circuitscope.core.io.Json;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.ClaimsJson;
import dev.circuitscope.examples.incontext.InContext;
import dev.circuitscope.examples.incontext.InContextRecipe;
import dev.circuitscope.examples.incontext.InContextResult;
import dev.circuitscope.examples.incontext.ModelKind;
import dev.circuitscope.examples.report.Pages;
import dev.circuitscope.examples.reproduction.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import picocli.CommandLine;

@DisplayName("circuitscope reproduce induction, in short,")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproduceInductionTest {

  private static final InContext AGAIN =
      new InContext(InContextRecipe.quick(), 3, Optional.empty());

  private Path report;
  private String out;
  private List<Claim> claims;
  private Document page;
  private InContextResult again;

  @BeforeAll
  void run(@TempDir Path made) throws IOException {
    report = made.resolve("induction");
    StringWriter printed = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine line = Circuitscope.commandLine();
    line.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(errors, true));
    int code =
        line.execute(
            "reproduce",
            "induction",
            "--quick",
            "--full",
            "--tokens",
            "2000",
            "--seed",
            "3",
            "--out",
            report.toString());
    assertThat(code).as(errors.toString()).isZero();
    out = printed.toString();
    Path file = report.resolve("claims.json");
    claims = ClaimsJson.parse(Files.readString(file), file.toString());
    page = Pages.parse(Files.readString(report.resolve("index.html")));
    again = AGAIN.run(Progress.silent());
  }

  @Test
  void makesEveryClaimThoughTheModelsAreTooSmallForAllToHold() {
    assertThat(claims)
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
    assertThat(claims).allMatch(claim -> claim.seed() == 3).anyMatch(claim -> !claim.holds());
    assertThat(out).contains("DOES NOT HOLD").contains("index.html");
  }

  @Test
  void showsEveryClaimOnThePage() {
    String text = page.getDocumentElement().getTextContent();
    claims.forEach(c -> assertThat(text).contains(c.statement(), c.expected().toString()));
  }

  @Test
  void saysWhatPlainTextAloneBrings() {
    assertThat(page.getDocumentElement().getTextContent())
        .contains("Trained on plain text alone")
        .contains("the 3-layer model forms no induction head");
  }

  @Test
  void savesEveryFigureOfThePageTwice() {
    NodeList figures = page.getElementsByTagName("figure");
    // no model changes, so that there are no ablations to show
    assertThat(figures.getLength()).isEqualTo(7);
    for (int i = 0; i < figures.getLength(); i++) {
      String name = figures.item(i).getAttributes().getNamedItem("id").getNodeValue();
      assertThat(report.resolve("figures").resolve(name + ".png")).isNotEmptyFile();
      assertThat(report.resolve("figures").resolve(name + ".svg")).isNotEmptyFile();
    }
  }

  @Test
  void savesModelsThatCanBeLoaded() throws IOException {
    for (ModelKind kind : ModelKind.values()) {
      for (String data : List.of("", "-plain-text")) {
        var loaded = Models.load(report.resolve("models").resolve(kind.directory() + data));
        assertThat(loaded.transformer().config().nLayers()).isEqualTo(kind.layers());
        assertThat(loaded.transformer().config().attention().smearedKeys())
            .isEqualTo(kind.smeared());
        assertThat(loaded.requireTokenizer().encode("return x;")).isNotEmpty();
      }
    }
  }

  @Test
  void savesEveryNumber() throws IOException {
    var results = Json.read(report.resolve("results.json")).object("incontext");
    assertThat(results.get("models").getAsJsonArray()).hasSize(5);
    assertThat(results.get("plain_text").getAsJsonArray()).hasSize(5);
    assertThat(results.object("per_token_components").get("trajectories").getAsJsonArray())
        .hasSize(5);
  }

  @Test
  void givesTheSameNumbersAgainForTheSameSeed() {
    assertThat(AGAIN.claims(again)).isEqualTo(claims);
    assertThat(again.plainText()).isEmpty();
  }

  @Test
  void trainsAllModelsOnTheSameBatches() {
    assertThat(
            again.courses().stream().map(course -> course.provenance().data().sha256()).distinct())
        .hasSize(1);
  }
}
