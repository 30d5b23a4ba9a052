package dev.circuitscope.toymodels.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The document's code is that of this package, which compiles and is tested. */
class MixingWithDl4jDocumentTest {

  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path DOCUMENT = MODULE.resolve("../docs/mixing-with-dl4j.md");

  @Test
  void itsJavaStandsLineForLineInTheSourcesOfThisPackage() throws IOException {
    List<List<String>> sources = new ArrayList<>();
    try (Stream<Path> files =
        Files.list(MODULE.resolve("src/test/java/dev/circuitscope/toymodels/dl4j"))) {
      for (Path file : files.toList()) {
        sources.add(lines(Files.readString(file)));
      }
    }
    assertThat(blocks("java"))
        .hasSize(3)
        .allSatisfy(
            block ->
                assertThat(sources)
                    .as(String.join("\n", block))
                    .anyMatch(source -> Collections.indexOfSubList(source, block) >= 0));
  }

  @Test
  void itsDependenciesAreThoseOfTheBuild() throws IOException {
    String pom = Files.readString(MODULE.resolve("../pom.xml"));
    String version = first("<nd4j.version>(.*)</nd4j.version>", pom);
    List<String> build = lines(pom.replace("${nd4j.version}", version));
    assertThat(blocks("xml"))
        .singleElement()
        .satisfies(block -> assertThat(Collections.indexOfSubList(build, block)).isPositive());
  }

  private static List<List<String>> blocks(String language) throws IOException {
    Pattern fence = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL);
    return fence
        .matcher(Files.readString(DOCUMENT))
        .results()
        .map(block -> lines(block.group(1)))
        .toList();
  }

  /** Without indentation and empty lines, which differ between a document and a source. */
  private static List<String> lines(String text) {
    return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static String first(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow();
  }
}
