package dev.circuitscope.notebooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JShellScriptsTest {

  private static final Path SCRIPTS = Path.of("src", "main", "jshell");

  @Test
  void everyScriptIsRunByATestOfItsOwn() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("front-door.jsh", "circuits.jsh", "toy-models.jsh");
    }
  }

  @Test
  void theFrontDoorShowsActivationsScoresAndAPicture() throws IOException {
    Path picture = Path.of("target", "jshell", "induction.png");
    Files.deleteIfExists(picture);
    try (Session session = new Session()) {
      session.run(Files.readString(SCRIPTS.resolve("front-door.jsh")));
      assertThat(session.output()).contains("blocks.0.attn.hook_pattern", "without L1H3", "L1H3");
    }
    assertThat(picture).isNotEmptyFile();
  }

  @Test
  void theCircuitsAreThoseThatWereBuilt() throws IOException {
    Path picture = Path.of("target", "jshell", "composition.png");
    Files.deleteIfExists(picture);
    try (Session session = new Session()) {
      session.run(Files.readString(SCRIPTS.resolve("circuits.jsh")));
      assertThat(session.output())
          .contains("L0H1 -> L1H2.K")
          .containsPattern("previous token[^:]*:[^+]*best L0H1 1\\.000")
          .containsPattern("(?s)K-composition.*?\\R *L0H1 -> L1H2");
    }
    assertThat(picture).isNotEmptyFile();
  }

  @Test
  void theToyModelsMakeAPentagonOppositePairsAndANeuronForEachSign() throws IOException {
    Path picture = Path.of("target", "jshell", "polygons.png");
    Files.deleteIfExists(picture);
    try (Session session = new Session()) {
      session.run(Files.readString(SCRIPTS.resolve("toy-models.jsh")));
      assertThat(session.output())
          .contains("pentagon", "sampled 0.001", "cosine of an anticorrelated pair -1.000");
    }
    assertThat(picture).isNotEmptyFile();
  }
}
