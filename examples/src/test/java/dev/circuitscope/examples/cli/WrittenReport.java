package dev.circuitscope.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.circuitscope.core.io.Json;
import dev.circuitscope.core.io.JsonFields;
import dev.circuitscope.examples.claims.Claim;
import dev.circuitscope.examples.claims.ClaimsJson;
import dev.circuitscope.examples.report.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** A report as it stands on the disk. */
record WrittenReport(Path directory, List<Claim> claims, Document page) {

  static WrittenReport read(Path directory) throws IOException {
    return new WrittenReport(
        directory,
        claims(directory),
        Pages.parse(Files.readString(directory.resolve("index.html"))));
  }

  static List<Claim> claims(Path directory) throws IOException {
    Path file = directory.resolve("claims.json");
    return ClaimsJson.parse(Files.readString(file), file.toString());
  }

  String text() {
    return page.getDocumentElement().getTextContent();
  }

  JsonFields results() throws IOException {
    return Json.read(directory.resolve("results.json"));
  }

  Path model(String name) {
    return directory.resolve("models").resolve(name);
  }

  void assertThatEveryClaimIsOnThePage() {
    claims.forEach(c -> assertThat(text()).contains(c.statement(), c.expected().toString()));
  }

  void assertThatEveryFigureIsSavedTwice(int figures) {
    NodeList shown = page.getElementsByTagName("figure");
    assertThat(shown.getLength()).isEqualTo(figures);
    for (int i = 0; i < shown.getLength(); i++) {
      String name = shown.item(i).getAttributes().getNamedItem("id").getNodeValue();
      assertThat(directory.resolve("figures").resolve(name + ".png")).isNotEmptyFile();
      assertThat(directory.resolve("figures").resolve(name + ".svg")).isNotEmptyFile();
    }
  }
}
